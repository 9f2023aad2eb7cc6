extension ReportScope {
  /// The comparison taken apart: what each position brings, and what it could cost the others.
  struct Detail {
    /// Parts of the saving or the requirement by name, as the report states them.
    var shapley: [NamedAmount]
  }
}

extension ReportScope.Detail {
  /// Reads the `detail` of a comparison.
  init(_ node: ReportNode) throws(ReportFault) {
    shapley = []
    _ = node
  }
}
