extension ReportScope {
  /// A comparison taken apart: what each position brings to portfolio margin, and what it could cost the others.
  struct Detail {
    /// Portfolio maintenance of every position alone, summed, and of all together.
    var alone: Double?
    var requirement: Double?
    var shares: [Share]
    var offsets: [Offset]
    var contagion: [Contagion]

    /// A position's fair part (Shapley) of the requirement.
    struct Share {
      var instrument: String
      var alone: Double?
      var share: Double?
      /// alone − share.
      var saving: Double?
      var error: Double?
    }

    /// What two of them save by being held together.
    struct Offset {
      var level: String
      var first: String
      var second: String
      var offset: Double?
    }

    /// What a position can take from the rest of the account, which isolated margin would have contained.
    struct Contagion {
      var instrument: String
      var scenario: String
      var loss: Double?
      var contained: Double?
      var spill: Double?
      var crossBreach: String?
      var portfolioBreach: String?
    }
  }
}

extension ReportScope.Detail {
  /// Reads the `detail` of a comparison.
  init(_ node: ReportNode) throws(ReportFault) {
    alone = try node.figure("alone")
    requirement = try node.figure("requirement")
    shares = try node.list("shapley").map { row throws(ReportFault) in
      Share(
        instrument: try row.text("instrument") ?? "", alone: try row.figure("alone"),
        share: try row.figure("share"), saving: try row.figure("saving"),
        error: try row.figure("standard_error"))
    }
    offsets = try node.list("offsets").map { row throws(ReportFault) in
      Offset(
        level: try row.text("level") ?? "", first: try row.text("first") ?? "",
        second: try row.text("second") ?? "", offset: try row.figure("offset"))
    }
    contagion = try node.list("contagion").map { row throws(ReportFault) in
      Contagion(
        instrument: try row.text("instrument") ?? "", scenario: try row.text("scenario") ?? "",
        loss: try row.figure("loss"), contained: try row.figure("contained"), spill: try row.figure("spill"),
        crossBreach: try row.text("cross_breach"), portfolioBreach: try row.text("portfolio_breach"))
    }
  }
}
