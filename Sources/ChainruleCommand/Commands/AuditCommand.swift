import ArgumentParser
import Chainrule
import Foundation

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Say whether a model, or an ARPA file, is sound: each figure with a verdict.",
    discussion: """
      Of a model: do its distributions, and all its sequences, sum to one (densities
      of one or two numbers by quadrature, of more by weighted draws); does what
      comes later leave what was said before as it is; are scores the same alone, in
      batches, in any order and on any number of threads; are samples what the
      likelihood says; is there mass on endless sequences. Faster ways are compared
      with the plain one. A line is printed when it is known. Two of them may be
      tests of random numbers: their levels are such (Holm 1979) that both together
      fail a sound model once in 10,000 audits at most, whatever --samples is.

      Of an ARPA file: logarithms above 0, n-grams that stand there twice or whose
      context or shorter n-gram is missing, and contexts whose probabilities do not
      sum to one. (To audit it as a model, convert it first.)

      The exit code is 0 if all is well, 65 if a line FAILED or a file is not sound
      or cannot be read.

      Examples:
        chainrule audit names.safetensors
        chainrule audit names.safetensors --samples 200000 --seed 7 --json
        chainrule audit words.arpa.gz
      """)

  @Argument(help: "A model file, or an ARPA file; '-' is standard input.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "The sequences to draw; half of them choose what the other half is tested on (default: 20000).", valueName: "n"),
    transform: NumberArgument.whole(100...100_000_000))
  var samples: Int?

  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  func validate() throws { try tables.validate(besides: options.json) }

  func run() throws {
    let source = try ByteSource(opening: file)
    let isSound = try audit(source)
    if !isSound { throw ExitCode(65) }
  }

  private func audit(_ source: consuming ByteSource) throws -> Bool {
    if ArpaFile.recognises(try source.head(SequenceModel.headSize), name: source.name) {
      try refuseUnused(
        [("--samples", samples != nil), ("--seed", options.givenSeed != nil), ("--threads", options.threads != nil)],
        because:
          "\(file) is an ARPA file, of which sums are checked and nothing is drawn (convert it, and audit the model)")
      let audit = try ArpaAudit(reading: source)
      let report = ArpaAuditReport(audit, file: file)
      if tables.csv {
        try Console.print(csv: report.table)
      } else {
        try options.json ? printJSON(report.json, reading: [file]) : Console.print(report.text)
      }
      return audit.isSound
    }
    return switch try LoadedModel.readAny(source) {
    case .symbols(let model): try audit(model)
    case .vectors(let model): try audit(model)
    }
  }

  private func audit(_ model: some AuditedModel) throws -> Bool {
    var asked = AuditOptions()
    asked.seed = options.seed
    asked.samples = samples ?? asked.samples
    asked.threads = options.threadCount
    let progress = ProgressReporter(quiet: options.quiet)
    progress.begin("audit")
    let isForPeople = !options.json && !tables.csv
    if isForPeople { try Console.print(ModelAuditReport.head(model, asked, file: file)) }
    let lines = try model.audit(asked, progress: { progress.show($0) }) { line in
      if !isForPeople { return }
      progress.finish()
      try Console.print(ModelAuditReport.text(line))
    }
    progress.finish()
    if tables.csv { try Console.print(csv: ModelAuditReport.table(lines)) }
    if options.json { try printJSON(ModelAuditReport.json(model, lines, asked, file: file), reading: [file]) }
    return lines.allSatisfy(\.isSound)
  }
}
