public import MarketModel

/// A margin model laid out over the instruments of one book and a list of market states, so that a netting
/// set is margined by sums over tables.
///
/// State 0 is always today's market. Every figure is net (`NetMargin`): what the model counts of the
/// positions and of the coin collateral, less what it requires, cash left out. Legs that the model does
/// not support count as absent. All functions are total: finite input gives finite output.
package protocol PreparedModel: Sendable {
  /// As `plimsoll models` lists it.
  var name: String { get }
  /// In the order in which the model was prepared; the first is today.
  var states: [MarketState] { get }

  /// The moves of spot under which the model revalues what it margins, today's market first.
  var spotShocks: [SpotShock] { get }

  /// Whether the model can margin an instrument, by its place in `Book.instruments`.
  func supports(instrument: Int) -> Bool

  /// The netting set in every state, in the order of `states`.
  ///
  /// - Complexity: O(legs × states × scenarios), two allocations; the cheap way to many states.
  func netMargins(of set: NettingSet) -> [NetMargin]

  /// The netting set in one of the states.
  func netMargin(of set: NettingSet, state: Int) -> NetMargin

  /// The netting set in a state outside the list: prices its legs anew.
  func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin

  /// One leg alone, without collateral, in one of the states; O(1) where the model is homogeneous.
  func netMargin(alone leg: Leg, state: Int) -> NetMargin

  /// One leg alone in every state.
  func netMargins(alone leg: Leg) -> [NetMargin]

  /// A coin balance alone in one of the states; O(1).
  func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin

  /// What the model counts of the cash of an account in initial and in maintenance margin: its sum, unless the
  /// model knows haircuts of single stable assets.
  func countedCash(_ balances: [CashBalance]) -> NetMargin

  /// The netting sets of one account that the model margins together, in the order of their first sets.
  ///
  /// - Parameter sets: by place of the underlying, each underlying once.
  func groups(of sets: [NettingSet]) -> [[NettingSet]]

  /// One group in every state, in the order of `states`.
  func netMargins(ofGroup group: [NettingSet]) -> [NetMargin]

  /// One group in one of the states.
  func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin

  /// One group in a state outside the list.
  func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin

  /// What the model counts and requires of one group in one of the states, part by part; nil where the model does not
  /// take its figure apart.
  ///
  /// Counted value less the parts is the net maintenance margin.
  func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown?

  /// The markets behind the model's own scenarios, undampened, every underlying moving at once: what capital
  /// has to survive where the model stands for portfolio margin. Empty for a model without scenarios.
  var capitalScenarios: [MarketState] { get }
}

/// What a margin engine can refuse before it computes.
public enum MarginError: Error, Hashable, Sendable {
  /// No model of that name is built; the names that are, in order.
  case unknownModel(name: String, known: [String])
  /// The model is built, but not for this mode of a comparison.
  case modeNotOffered(model: String, mode: MarginMode)
  /// The model is built, but has numbers that its user has to supply in a model file.
  case parametersMissing(model: String, parameters: [String])
  /// A user's model file does not fit the model it is based on: its file, the place in it, and what was found.
  case definition(file: String, path: String, message: String)
}
