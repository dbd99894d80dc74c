import Foundation
import Inference
import Models
import Sequences

/// What a model makes of lengths, beside its likelihood: the distribution, how it fits the test set, how abruptly sequences
/// end, and how fast it draws.
public struct LengthSummary: Sendable, Codable {
  /// P(τ = n) for n = 0, 1, …, until next to nothing is left, or as far as was computed.
  public let probabilities: [Double]
  /// E[τ | the sequence ends].
  public let mean: Double
  /// Var[τ | the sequence ends].
  public let variance: Double
  /// The probability of sequences that never end.
  public let endless: Double
  /// Whether the distribution was computed and not estimated by draws.
  public let isExact: Bool
  /// How it fits the lengths of the test set.
  public let fit: LengthFit
  /// `nil` where no test sequence has two elements.
  public let abruptEnd: FinalElementLoss?
  /// `nil` where the length is drawn first.
  public let calibration: StopCalibration?
  /// Elements drawn a second, on as many threads as the fit was given; ends do not count.
  public let symbolsPerSecond: Double

  /// Seconds of drawing that are measured.
  private static let measured = 0.25

  init<Model: FittedModel>(_ model: Model, _ test: Sequences<Model.Rows>, _ context: FittingContext) throws {
    var options = LengthOptions()
    if model.inputWidth > 0 { options.inputs = test.inputs }
    let law = try model.lengthDistribution(options, seed: context.seed, threads: context.threads)
    probabilities = law.probabilities
    (mean, variance, endless, isExact) = (law.mean, law.variance, law.endless, law.isExact)
    fit = LengthFit(law, test)
    abruptEnd = FinalElementLoss(of: model, on: test, threads: context.threads)
    calibration = StopCalibration(of: model, on: test, threads: context.threads)

    var sampling = DrawOptions<Model.Element>()
    if model.inputWidth > 0 { sampling.inputs = test.inputs }
    let sampler = try Sampler(model, seed: context.seed, sampling)
    let piece = 2048
    var (symbols, next) = (0, 0)
    let start = ContinuousClock.now
    var seconds = 0.0
    repeat {
      symbols += try sampler.samples(next..<(next + piece), threads: context.threads).reduce(0) {
        $0 + $1.sequence.count
      }
      next += piece
      seconds = (ContinuousClock.now - start) / .seconds(1)
    } while seconds < Self.measured && !context.isInterrupted()
    symbolsPerSecond = Double(symbols) / seconds
  }
}

extension ModelSpecification {
  /// A family with every way to end that it does not decline.
  /// - Parameter family: a model's word without its length.
  /// - Throws: `SpecificationError`, also where a length is named.
  public static func everyLength(of family: String, registry: Registry = .standard) throws -> [ModelSpecification] {
    guard !family.contains("/") else {
      throw SpecificationError.malformed(
        "\(family): every way to end is run; name the family alone, as in \(family.prefix { $0 != "/" })")
    }
    return try registry.words(of: family).map { try ModelSpecification($0, registry: registry) }
  }
}
