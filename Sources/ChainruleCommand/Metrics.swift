/// What a figure that the program prints means.
struct Metric: Encodable {
  /// What it is asked for by, the usual name first.
  var names: [String]
  var meaning: String
  var formula: String
  /// What is counted, and over what.
  var counted: String
  var unit: String
  /// The commands, and the keys of their JSON.
  var printedBy: String
  /// Where it comes from.
  var source: String?

  init(
    _ names: String..., meaning: String, formula: String, counted: String, unit: String, printedBy: String,
    source: String? = nil
  ) {
    self.names = names
    self.meaning = meaning
    self.formula = formula
    self.counted = counted
    self.unit = unit
    self.printedBy = printedBy
    self.source = source
  }
}

extension Metric {
  static let all = likelihood + perplexities + events + choice + lengths + diagnostics

  /// The one of a name, whatever its letters' case; blanks and hyphens are the same.
  static func named(_ name: String) -> Metric? {
    func plain(_ text: String) -> String { text.lowercased().replacing(" ", with: "-") }
    return all.first { $0.names.contains { plain($0) == plain(name) } }
  }

  private static let likelihood = [
    Metric(
      "nats", "log-likelihood", "-log P",
      meaning: "The negative log-likelihood of sequences: smaller is better.",
      formula: "nats = −Σ ln P(sequence)",
      counted:
        "every symbol and how each sequence ends: by an end symbol (/eos), by decisions to stop (/halt), or by its "
        + "length's probability (/tau)",
      unit: "nats (natural logarithm); 1 nat = 1.4427 bits", printedBy: "score, compare, train: nats"),
    Metric(
      "bits", "bits per event", "bits per character",
      meaning: "The negative log-likelihood to base 2, a symbol or end.",
      formula: "bits = nats / ln 2; bits per event = nats / (events · ln 2)",
      counted:
        "events: symbols and ends, one end a sequence. Bits per character of other papers often leave the end out",
      unit: "bits", printedBy: "compare, score: bitsPerEvent"),
    Metric(
      "nats per event", "nats/event",
      meaning: "The cross-entropy of model and data: the mean surprisal of an event.",
      formula: "nats / (symbols + sequences)", counted: "events: symbols and ends, one end a sequence",
      unit: "nats an event", printedBy: "compare, score: natsPerEvent"),
    Metric(
      "nats per sequence", "nats/sequence",
      meaning: "The mean negative log-likelihood of a whole sequence.", formula: "nats / sequences",
      counted: "whole sequences, ends included", unit: "nats a sequence", printedBy: "compare, score: natsPerSequence"),
    Metric(
      "length's share", "natsLength", "natsElements",
      meaning: "The part of the nats that predicting the length takes; the rest is the elements'.",
      formula:
        "nats = natsElements + natsLength; with an end symbol an element's P(y) is P(continue) · P(y | continue)",
      counted: "natsLength: decisions to stop or continue, or P(τ); natsElements: the symbols, given that there is one",
      unit: "nats; as a share in percent", printedBy: "score, compare: natsElements, natsLength"),
  ]

  private static let perplexities = [
    Metric(
      "perplexity", "perplexity with end", "ppl",
      meaning: "The number of equally probable outcomes that an event is as uncertain as.",
      formula: "exp(nats / (symbols + sequences))",
      counted:
        "the end is predicted, and counted as one event a sequence: as SRILM's ppl and KenLM's perplexity including "
        + "OOVs",
      unit: "a number of outcomes, 1 or more", printedBy: "compare, score: perplexity",
      source: "Jelinek, Mercer, Bahl and Baker 1977"),
    Metric(
      "perplexity without end", "perplexityWithoutEnd",
      meaning: "The perplexity of the symbols, given that there is one.", formula: "exp(natsElements / symbols)",
      counted:
        "the end is neither predicted nor counted: decisions to stop or continue are left out of the numerator too",
      unit: "a number of outcomes, 1 or more", printedBy: "compare, score: perplexityWithoutEnd"),
    Metric(
      "ppl1", "SRILM's ppl1",
      meaning: "SRILM's second perplexity: the end is predicted, but not counted.", formula: "exp(nats / symbols)",
      counted:
        "the nats of symbols and ends, divided by the number of symbols alone: larger than perplexity, and not that of "
        + "any distribution",
      unit: "a number of outcomes", printedBy: "none: it is exp(nats / symbols) of the JSON of score and compare",
      source: "Stolcke 2002"),
    Metric(
      "perplexity without unknown", "perplexityWithout",
      meaning: "The perplexity of all events but the symbols that stand for unseen ones.",
      formula: "exp(nats of the other events / number of the other events)",
      counted: "symbols and ends, without the unknown symbol; as KenLM's perplexity excluding OOVs",
      unit: "a number of outcomes, 1 or more", printedBy: "compare, score: unknown.perplexityWithout"),
  ]

  private static let events = [
    Metric(
      "surprisal", meaning: "How unexpected an event was.", formula: "−ln P(event | past)",
      counted:
        "one event: a symbol, the end, or (/tau) the length; with /eos and /halt a symbol's includes to continue",
      unit: "nats", printedBy: "score --per symbol: surprisal", source: "Hale 2001"),
    Metric(
      "entropy", meaning: "How uncertain the model was of an event before it saw it: the expected surprisal.",
      formula: "−Σ P(outcome | past) ln P(outcome | past)",
      counted: "all symbols and the end; with /tau all lengths once, then the symbols given the length",
      unit: "nats", printedBy: "score --per symbol: entropy", source: "Shannon 1948"),
    Metric(
      "rank", meaning: "The place of an event among its outcomes, the most probable first.",
      formula: "1 + number of outcomes that are strictly more probable",
      counted: "all symbols and the end; with /tau all lengths once, then the symbols given the length",
      unit: "a whole number, 1 the most probable", printedBy: "score --per symbol: rank"),
    Metric(
      "guess number", "guesses",
      meaning: "How many guesses a sequence takes if the most probable ones are guessed first.",
      formula:
        "1 + number of sequences strictly more probable ≈ 1 + Σ 1/(n P(i)) over the samples i more probable, of n",
      counted: "whole sequences of up to 10,000 elements; its standard error is that of the sum's terms",
      unit: "guesses; also their logarithm to base 10",
      printedBy: "score --guesses: guesses, guessesStandardError, log10Guesses",
      source: "Dell'Amico and Filippone 2015"),
  ]

  private static let choice = [
    Metric(
      "parameters", "free parameters",
      meaning: "The degrees of freedom of a model before it sees data.",
      formula: "Σ over conditional distributions of (outcomes − 1); of networks the number of weights",
      counted:
        "all contexts that sequences can have, whether or not they occur; stored: the numbers of the fitted model",
      unit: "a whole number", printedBy: "compare, parameters, info: parameters.free, parameters.stored"),
    Metric(
      "AIC", meaning: "Akaike's information criterion: the fit to the training data, with its parameters paid for.",
      formula: "2 nats + 2 k",
      counted: "nats of the training data; k: free parameters (tables: only contexts seen in training)",
      unit: "twice a nat; smaller is better", printedBy: "compare: aic", source: "Akaike 1974"),
    Metric(
      "BIC", meaning: "The Bayesian information criterion: parameters cost more the more data there are.",
      formula: "2 nats + k ln(events)",
      counted: "as AIC; events: symbols and ends of the training data",
      unit: "twice a nat; smaller is better", printedBy: "compare: bic", source: "Schwarz 1978"),
    Metric(
      "Δ", "delta", "difference",
      meaning: "How much worse than the chosen model a model predicts the test data.",
      formula: "mean over test sequences of nats(model) − nats(chosen model)",
      counted: "whole sequences, paired: both models score the same ones", unit: "nats a sequence; above 0 is worse",
      printedBy: "compare: difference.natsPerSequence"),
    Metric(
      "interval", "confidence interval", "95 % CI",
      meaning: "The bootstrap interval of Δ: where it holds 0, the data do not tell the two models apart.",
      formula: "quantiles of Δ over 10,000 resamples of the test sequences, bias-corrected and accelerated (BCa)",
      counted:
        "whole sequences are resampled with their pairs: it holds the chance of the test data, not that of training",
      unit: "nats a sequence",
      printedBy: "compare, run: difference.low, difference.high; percentiles: percentileLow, percentileHigh",
      source: "Efron 1987"),
    Metric(
      "spread", "standard deviation over seeds", "± s.d.",
      meaning: "How much a model's figure varies with the seed of its training.",
      formula: "standard deviation (n − 1) of nats per event over seeds", counted: "the fits of --repeats",
      unit: "nats an event", printedBy: "compare, run: spread"),
    Metric(
      "p-value", "p",
      meaning: "The probability of a statistic as large or larger if the hypothesis is right.",
      formula: "P(T ≥ t | hypothesis)",
      counted:
        "compare: a paired permutation test that Δ is 0, 10,000 random signs; others: their own test. Several at once are "
        + "corrected by Holm's procedure where the command says so",
      unit: "a probability",
      printedBy: "compare: difference.p, difference.adjustedP; lengths, independence, audit, sample --novelty: pValue",
      source: "Good 2005; Holm 1979"),
  ]

  private static let lengths = [
    Metric(
      "survival", meaning: "The probability that a sequence has more than n elements.", formula: "P(τ > n)",
      counted: "all sequences, endless ones included", unit: "a probability", printedBy: "lengths: survival"),
    Metric(
      "hazard", meaning: "The probability that a sequence that has n elements ends there.",
      formula: "P(τ = n | τ ≥ n)", counted: "sequences of n elements or more", unit: "a probability",
      printedBy: "lengths: hazard"),
    Metric(
      "endless", "endless mass",
      meaning: "The probability that a model gives to sequences that never end.", formula: "1 − Σ P(τ = n)",
      counted: "all n; a model is tight where it is 0", unit: "a probability",
      printedBy: "lengths, audit, compare --lengths: endless", source: "Booth and Thompson 1973"),
    Metric(
      "chi-square", "χ²", meaning: "Pearson's statistic of observed against expected numbers.",
      formula: "Σ (observed − expected)² / expected",
      counted: "lengths, put together until a cell expects five or more", unit: "none; degrees of freedom: cells − 1",
      printedBy: "lengths: fit.chiSquare", source: "Pearson 1900"),
    Metric(
      "Kolmogorov-Smirnov", "kolmogorovSmirnov",
      meaning: "The largest distance between two distribution functions of the length.",
      formula: "max over n of |P(τ ≤ n) − share of the data with τ ≤ n|", counted: "the data's sequences",
      unit: "a difference of probabilities", printedBy: "lengths: fit.kolmogorovSmirnov"),
    Metric(
      "calibration error", "calibration",
      meaning: "How far predicted probabilities of stopping are from the rates at which sequences do stop.",
      formula: "Σ decisions · |actual − predicted| / Σ decisions",
      counted: "decisions to stop or continue, in ten groups of rising prediction (/eos and /halt)",
      unit: "a difference of probabilities", printedBy: "lengths: calibration.error"),
    Metric(
      "reliability", "prediction error",
      meaning: "How far predicted probabilities of symbols and ends are from the rates at which they come.",
      formula: "Σ over groups |observed − expected| / events",
      counted: "all outcomes of all test events, in 16 groups of rising prediction", unit: "a probability an event",
      printedBy: "compare --calibration: calibration.error", source: "DeGroot and Fienberg 1983"),
    Metric(
      "abrupt end", "abruptEnd",
      meaning: "How much worse the last element of a sequence is predicted than the others.",
      formula: "mean natsElements of last elements − mean natsElements of the others",
      counted: "elements, given that there is one more", unit: "nats an element",
      printedBy: "lengths, compare --lengths: abruptEnd"),
  ]

  private static let diagnostics = [
    Metric(
      "exposure", "exposure bias",
      meaning: "How much worse the true continuation is predicted after elements that the model drew itself.",
      formula: "mean nats after n drawn elements − mean nats after the true ones",
      counted: "decisions: elements with the decision to continue, and ends", unit: "nats a decision",
      printedBy: "score --exposure: exposure", source: "Ranzato, Chopra, Auli and Zaremba 2016"),
    Metric(
      "G", "G-test", "likelihood ratio",
      meaning: "The statistic that tests whether one more symbol of context matters.",
      formula: "2 Σ observed ln(observed / expected)", counted: "contexts with the symbols that follow in the data",
      unit: "twice a nat", printedBy: "independence: g", source: "Billingsley 1961"),
    Metric(
      "strength", "conditional mutual information",
      meaning: "How much an earlier symbol says of the next one, once those between and before are known.",
      formula: "I(y(t − lag); y(t) | the window's other symbols)", counted: "windows of the data",
      unit: "nats", printedBy: "graph --strength"),
    Metric(
      "spectral radius", "spectralRadius",
      meaning: "The largest absolute eigenvalue of a layer's recurrent matrix W.", formula: "max |λ(W)|",
      counted: "each gate's matrix of each layer", unit: "none", printedBy: "score --gradients: spectralRadius"),
  ]
}
