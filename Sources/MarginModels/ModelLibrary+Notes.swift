public import MarketModel

extension ModelLibrary {
  /// Tables whose rows are named by asset, over all models; the others have numbers or rules for names.
  private static let assetTables = [
    "asset", "base", "coin", "collateral", "commodity", "debt", "future", "inverse_tier", "market", "pair",
    "perpetual", "range", "tier",
  ]

  /// What a run should say of its model files and of the assets that its margin rules name.
  ///
  /// One file may serve many books, so an asset that this one does not have is no fault; nor may it be a slip of the
  /// pen that nobody sees.
  ///
  /// - Returns: sentences, in the order of the plan; empty where no margin is asked for.
  /// - Complexity: O(numbers of the files × assets of the market).
  public static func notes(of plan: RunPlan, in market: MarketSnapshot) -> [String] {
    guard plan.measures.contains(.margin) || plan.measures.contains(.liquidation) else { return [] }
    let comparisons = [plan.comparison] + plan.comparisonsBeside
    let asked =
      plan.marginModels + plan.rankedModels + comparisons.flatMap { [$0.isolated, $0.cross, $0.portfolio] }
    var notes: [String] = []
    for definition in plan.modelDefinitions {
      guard asked.contains(definition.name) else {
        notes.append(
          "\(definition.name): defined by \(definition.file) and asked for by nothing: name it by --model or in margin.models"
        )
        continue
      }
      for row in strangeRows(of: definition, in: market) {
        notes.append(
          "\(definition.name): \(definition.file) has numbers of \(row), an asset that the market does not have"
        )
      }
    }
    let groups = market.assets.map {
      WellKnownSecurities.terms(of: $0.id, plan: plan.listed, isCoin: false).group
    }
    for name in plan.listed.productGroups.flatMap(\.groups) where !groups.contains(name.text) {
      notes.append("listed: run.json nets the class group \(name), which no asset of the market belongs to")
    }
    for asset in plan.collateral.map({ $0.namedAssets }) ?? [] where !has(asset.text, market) {
      notes.append("collateral: run.json has terms of \(asset), an asset that the market does not have")
    }
    return notes
  }

  /// Rows of a definition for assets that neither the market nor the base's own rows know, each once.
  private static func strangeRows(of definition: ModelDefinition, in market: MarketSnapshot) -> [String] {
    guard let base = builtIn.entry(definition.base) else { return [] }
    var found: [String] = []
    for parameter in definition.parameters {
      guard let (row, asset) = asset(of: parameter.name, openTables: base.openTables) else { continue }
      let isBuilt = base.description.parameters.contains {
        $0.name == row || $0.name.hasPrefix(row + ".")
      }
      guard !asset.isEmpty, !isBuilt, !has(asset, market), !found.contains(row) else { continue }
      found.append(row)
    }
    return found
  }

  /// The row that a number belongs to and the asset it is of; nil where its table is not one of assets.
  ///
  /// The legs of a spread are `inter.NAME.side_a.ASSET`, and each is a row.
  private static func asset(of name: String, openTables: [String]) -> (row: String, asset: String)? {
    let parts = name.split(separator: ".")
    guard parts.count > 1, openTables.contains(where: { parts[0].elementsEqual($0) }) else { return nil }
    if parts[0] == "inter" {
      return parts.count == 4 ? (name, ModelDescription.asset(String(parts[3]))) : nil
    }
    guard assetTables.contains(where: { parts[0].elementsEqual($0) }) else { return nil }
    return ("\(parts[0]).\(parts[1])", ModelDescription.asset(String(parts[1])))
  }

  private static func has(_ asset: String, _ market: MarketSnapshot) -> Bool {
    market.baseCurrency.text == asset || market.assets.contains { $0.id.text == asset }
  }
}

extension CollateralPlan {
  /// Every asset that it names beside a lost peg, each once.
  fileprivate var namedAssets: [Identifier] {
    var named: [Identifier] = []
    for asset in assets.compactMap(\.asset) + (concentration?.assets ?? []) + borrowRates.compactMap(\.asset)
    where !named.contains(asset) {
      named.append(asset)
    }
    return named
  }
}
