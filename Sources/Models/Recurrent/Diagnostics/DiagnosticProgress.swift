extension FittingProgress {
  /// How far a diagnosis of a fitted model has come; every step of it may be shown.
  package init(fraction: Double, text: String) {
    self.init(fraction: fraction, text: text, isMilestone: true)
  }
}
