import Sequences

/// The terms of the page, a sentence each.
enum GlossarySection {
  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    let symbols = [
      ("event", "A symbol, or the end of a sequence."),
      ("perplexity", "exp(nats/event): the number of equally likely outcomes that are as hard to predict."),
    ]
    let vectors = [
      ("step", "An element of a sequence: a vector of \(context.columns?.values.name ?? "numbers")."),
      (
        "probability integral transform",
        "u = P(Y ≤ y | past, lower components) of each number: uniform from 0 to 1 if the model is true (Rosenblatt 1952)."
      ),
    ]
    let terms = [
      (
        "nats",
        "Negative log-likelihood to base e: fewer are better; 1 nat is 1.44 bits."
          + (context.columns?.values == .reals
            ? " Densities are in the data's units, so that nats may be negative." : "")
      )
    ]
    return Section(
      id: "glossary", title: "Terms",
      terms: (terms + (context.isOfVectors ? vectors : symbols) + common
        + (context.isOfVectors
          ? [] : [("entropy", "The mean of −log p: 0 where all sequences have the same symbol there.")]))
        .map { Term(name: $0.0, meaning: $0.1) })
  }

  private static let common = [
    ("free parameters", "The numbers that a model leaves open before any data, counted exactly."),
    (
      "95 % interval",
      "Bias-corrected and accelerated bootstrap over test sequences, 10,000 resamples (Efron 1987)."
    ),
    ("p", "The two-sided p-value of a paired permutation test that the difference is 0, adjusted by Holm (1979)."),
    (
      "AIC, BIC",
      "Akaike's and the Bayesian information criterion of the training data: likelihood with a penalty for parameters."
    ),
    ("Pareto front", "The models that no other beats in both parameters and likelihood."),
    (
      "/eos, /halt, /tau",
      "Ways to end: an end symbol, a decision to stop before each element, a length drawn first."
    ),
    ("survival", "P(τ > n): the share of sequences with more than n elements."),
    ("hazard", "P(τ = n | τ ≥ n): the probability to end after n elements, given that there are as many."),
    ("calibration", "Whether outcomes come as often as their predicted probabilities say."),
  ]
}
