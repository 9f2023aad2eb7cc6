/// The deltas of one combined commodity by period, and what of them is used up by spreads.
struct SpanPeriods {
  private struct Entry {
    var period: Int
    var delta: Double
    /// Part of |delta| that stands in spreads.
    var used = 0.0

    var free: Double { max(0, abs(delta) - used) }
  }

  /// By increasing period, each once.
  private var entries: [Entry] = []

  /// Adds deltas; those of one period net in full.
  mutating func add(_ delta: Double, period: Int) {
    let place = entries.firstIndex { $0.period >= period } ?? entries.count
    if place < entries.count, entries[place].period == period {
      entries[place].delta += delta
    } else {
      entries.insert(Entry(period: period, delta: delta), at: place)
    }
  }

  /// Sum over all periods, nearest first; 0 where nothing but roundings is left of it.
  ///
  /// A price risk that is divided by such a remainder would credit an account that has no delta.
  var net: Double {
    let sum = entries.reduce(0) { $0 + $1.delta }
    let gross = entries.reduce(0) { $0 + abs($1.delta) }
    return abs(sum) <= 1e-9 * gross ? 0 : sum
  }

  /// Forms as many spreads as the free deltas allow, side A long first, then side A short.
  ///
  /// - Returns: how many; their deltas are used up, the nearest periods first.
  mutating func form(_ spread: SpanTierSpread, tiers: [SpanTier]) -> Double {
    var formed = 0.0
    for isLong in [true, false] {
      var needs: [(tier: SpanTier, isLong: Bool, ratio: Double)] = []
      for leg in spread.legs where leg.ratio > 0 {
        guard let tier = tiers.first(where: { $0.number == leg.tier }) else { return formed }
        let side = leg.isSideA == isLong
        if let known = needs.firstIndex(where: { $0.tier == tier && $0.isLong == side }) {
          needs[known].ratio += leg.ratio
        } else {
          needs.append((tier, side, leg.ratio))
        }
      }
      let count = needs.map { free(in: $0.tier, isLong: $0.isLong) / $0.ratio }.min() ?? 0
      guard count > 0, count.isFinite else { continue }
      for need in needs { use(count * need.ratio, in: need.tier, isLong: need.isLong) }
      formed += count
    }
    return formed
  }

  /// What the deltas of the periods in delivery are charged.
  func charge(_ deliveries: [SpanDelivery]) -> Double {
    var sum = 0.0
    for delivery in deliveries {
      for entry in entries where entry.period >= delivery.period && entry.period <= delivery.last {
        sum += min(entry.used, abs(entry.delta)) * delivery.spreadCharge
        sum += entry.free * delivery.outrightCharge
      }
    }
    return sum
  }

  private func free(in tier: SpanTier, isLong: Bool) -> Double {
    var sum = 0.0
    for entry in entries where Self.counts(entry, tier, isLong) { sum += entry.free }
    return sum
  }

  private mutating func use(_ amount: Double, in tier: SpanTier, isLong: Bool) {
    var left = amount
    for place in entries.indices where left > 0 && Self.counts(entries[place], tier, isLong) {
      let part = min(left, entries[place].free)
      entries[place].used += part
      left -= part
    }
  }

  private static func counts(_ entry: Entry, _ tier: SpanTier, _ isLong: Bool) -> Bool {
    entry.period >= tier.first && entry.period <= tier.last && (isLong ? entry.delta > 0 : entry.delta < 0)
  }
}
