import MarketModel
import StructuredText

/// Reads the correlation, whose every fault stops the run with row and column.
///
/// No part of a matrix can be set aside. Whether it is positive semidefinite shows when it is factorised.
enum CorrelationReader {
  /// What two triangles, or a diagonal and 1, may differ by.
  ///
  /// These are the last digits of a matrix that a program computed. The lower triangle is the one that is used, the diagonal is 1.
  static let tolerance = 1e-12
  static let highestOrder = 5_000

  static func read(_ node: JSONNode, in tree: Tree, known: [Identifier]) throws(ReadingFault) -> Correlation {
    let object = try ObjectReader(
      node, at: "/correlation", in: tree, keys: ["assets", "matrix", "volatilities"])
    let assets = try assets(object, known)
    let volatilities = try object.numbers("volatilities", .factorVolatility)
    guard volatilities.count == assets.count else {
      throw object.fault(
        "volatilities", .invalid,
        "expected \(assets.count) volatilities for \(assets.count) assets, found \(volatilities.count)")
    }
    let matrix = try matrix(object, order: assets.count)
    return Correlation(assets: assets, matrix: matrix, volatilities: volatilities)
  }

  private static func assets(_ object: ObjectReader, _ known: [Identifier]) throws(ReadingFault)
    -> [Identifier]
  {
    let list = try object.list("assets")
    guard !list.isEmpty, list.count <= highestOrder else {
      throw object.fault("assets", .limit, "expected 1 to \(highestOrder) assets, found \(list.count)")
    }
    var assets: [Identifier] = []
    for (place, node) in list.enumerated() {
      let id = try ObjectReader.identifier(node, at: "\(object.pointer)/assets/\(place)", in: object.tree)
      guard !assets.contains(id) else {
        throw object.fault("assets/\(place)", .duplicate, "found \(id) twice")
      }
      guard known.contains(id) else {
        throw object.fault(
          "assets/\(place)", .invalid, Spelling.unknown("asset", id.text, known: known.map(\.text)))
      }
      assets.append(id)
    }
    return assets
  }

  private static func matrix(_ object: ObjectReader, order: Int) throws(ReadingFault) -> [Double] {
    let rows = try object.list("matrix")
    guard rows.count == order else {
      throw object.fault("matrix", .invalid, "expected \(order) rows, found \(rows.count)")
    }
    var matrix: [Double] = []
    matrix.reserveCapacity(order * order)
    for (row, node) in rows.enumerated() {
      guard case .array(let cells) = node.value, cells.count == order else {
        let found = if case .array(let cells) = node.value { "\(cells.count)" } else { node.value.kind }
        throw object.fault("matrix/\(row)", .invalid, "expected a row of \(order) numbers, found \(found)")
      }
      for (column, cell) in cells.enumerated() {
        let place = "matrix/\(row)/\(column)"
        guard case .number(let number) = cell.value, let value = number.value,
          value.magnitude <= 1 + tolerance
        else {
          throw object.fault(
            place, .invalid, "expected a correlation between -1 and 1, found \(cell.value.kind)")
        }
        if row == column, (value - 1).magnitude > tolerance {
          throw object.fault(place, .invalid, "expected 1 on the diagonal, found \(number.text)")
        }
        if column < row {
          let mirrored = matrix[column * order + row]
          guard (value - mirrored).magnitude <= tolerance else {
            throw object.fault(
              place, .invalid,
              "expected the value of row \(column), column \(row), which is \(mirrored), found \(number.text)"
            )
          }
          let held = Swift.max(-1, Swift.min(1, value))
          matrix[column * order + row] = held
          matrix.append(held)
        } else {
          matrix.append(row == column ? 1 : value)
        }
      }
    }
    return matrix
  }
}
