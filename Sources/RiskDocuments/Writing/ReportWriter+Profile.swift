import MarginModels
import MarketModel

extension ReportWriter {
  /// The key `profile`: ladders in the order of the profile, `null` where there is none.
  static func write(_ profile: MarginProfile?, to writer: inout FigureWriter) {
    guard let profile else { return writer.text("profile", nil) }
    writer.list("profile", profile.ladders.map { $0.shortened() }) {
      $0.texts("underlyings", $1.underlyings.map(\.text))
      $0.figure("spot", $1.spot)
      $0.numbers("profit_and_loss", $1.profitAndLoss)
      for (mode, column) in zip(["isolated", "cross", "portfolio"], $1.surplus) { $0.numbers(mode, column) }
    }
  }
}
