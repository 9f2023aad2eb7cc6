/// Finds the name a user meant.
public enum Spelling {
  /// The known name nearest to a misspelt one.
  ///
  /// - Returns: the name with the fewest single-letter edits (a swap of neighbours counts as one), the first
  ///   among equals; nil when even that needs more than a third of the letters, at least one and at most three.
  /// - Complexity: O(letters² × names).
  public static func nearest(to name: String, among known: [String]) -> String? {
    let letters = Array(name.lowercased().utf8.prefix(64))
    let limit = min(3, max(1, letters.count / 3))
    var best: (distance: Int, name: String)?
    for candidate in known {
      let distance = edits(letters, Array(candidate.lowercased().utf8.prefix(64)))
      if distance <= limit, distance < (best?.distance ?? .max) { best = (distance, candidate) }
    }
    return best?.name
  }

  /// `; did you mean 'x'?` or nothing.
  public static func hint(for name: String, among known: [String]) -> String {
    nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Damerau's distance in its restricted form: insert, delete, replace, swap neighbours.
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let change = left[i] == right[j] ? 0 : 1
        var least = min(previous[j] + change, previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      before = previous
      previous = row
    }
    return previous[right.count]
  }
}
