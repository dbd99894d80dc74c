import Foundation
import Testing

/// Results on standard output, everything else on standard error.
@Suite struct OutputTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1) + names(1, seed: 1))
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", "-q", in: folder).code == 0)
  }

  private let commands = [
    ["compare", "train.txt", "--model", "markov:1", "--model", "rnn:4,epochs=3/tau:input=none"],
    ["train", "train.txt", "--model", "gru:4,epochs=3", "-o", "out"], ["score", "model", "train.txt"],
    ["score", "model", "train.txt", "--per", "symbol"], ["sample", "model", "--max-length", "1"], ["info", "model"],
    ["info", "train.txt"], ["parameters", "markov:1", "--alphabet-size", "3"],
    ["audit", "model", "--samples", "1000"], ["independence", "train.txt", "--max-order", "2"],
    ["memory", "train.txt", "--longest", "2"], ["distance", "model", "--orders", "0-2"],
  ]

  @Test func whatIsSaidInAPipeIsPlainLines() throws {
    for command in commands {
      let outcome = try Program.run(command, in: folder)
      #expect(outcome.code == 0)
      for text in [outcome.errors, outcome.text] {
        #expect(!text.contains("\r") && !text.contains("\u{1B}") && !text.contains("█"))
        #expect(text.isEmpty || text.hasSuffix("\n"))
      }
      #expect(!outcome.text.contains("chainrule:") && !outcome.text.contains("held out for"))
    }
  }

  @Test func quietSaysNothing() throws {
    for command in commands where !["info", "parameters"].contains(command[0]) {
      let outcome = try Program.run(command + ["--quiet"], in: folder)
      #expect(outcome.code == 0)
      #expect(outcome.errors == "")
      // Results are no remarks; the result of `train` is its file.
      #expect((outcome.text == "") == (command[0] == "train"))
    }
    let missing = try Program.run("score", "none", "train.txt", "--quiet", in: folder)
    #expect(missing.code == 66 && missing.errors != "")
  }

  @Test func jsonIsOneObjectOnEveryCommand() throws {
    for command in commands {
      let json = try Program.run(command + ["--json"], in: folder).json()
      #expect(try json["schema"].string == "chainrule.\(command[0])/1")
    }
  }

  /// Whoever has seen enough closes the pipe.
  @Test func drawsFlowHoweverManyAreAskedFor() throws {
    let line = "\(try Program.path) sample model -n 1000000000000 | head -n 3"
    let shell = try Program(executable: "/bin/sh", ["-c", line], in: folder)
    #expect(try shell.outcome().text == Program.run("sample", "model", "-n", "3", in: folder).text)
  }

  @Test(arguments: [["--temperature", "0.7"], ["--top-k", "3"], ["--top-p", "0.9"], ["--top-p", "0.9", "--quiet"]])
  func drawsFromAnotherDistributionAreRemarked(options: [String]) throws {
    let outcome = try Program.run(["sample", "model"] + options, in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("not from the model's own distribution") == !options.contains("--quiet"))
    #expect(try !Program.run("sample", "model", in: folder).errors.contains("own distribution"))
  }

  /// More lines than one piece holds; the steps' nats add up to those of the sequence.
  @Test func scoresOfManySequencesAreComplete() throws {
    let text = names(3000, seed: 4)
    try folder.write("many.txt", text)
    let sequences = try Program.run("score", "model", "many.txt", "--per", "sequence", in: folder)
    #expect(sequences.code == 0 && sequences.lines[0] == "sequence\tnats\telements\tlength")
    let rows = sequences.lines.dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows.map { $0[0] } == text.split(separator: "\n"))
    let steps = try Program.run("score", "model", "many.txt", "--per", "symbol", in: folder)
    #expect(steps.code == 0 && steps.lines[0].hasPrefix("sequence\tstep\tsymbol\tnats\telements\tlength\t"))
    // A step for each symbol and each end, which are as many as the scalars of the file.
    #expect(steps.lines.count == 1 + text.unicodeScalars.count)
    var sums = [Double](repeating: 0, count: 3000)
    for line in steps.lines.dropFirst() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      let number = try #require(Int(cells[0]))
      sums[number - 1] += try #require(Double(cells[3]))
    }
    // Six decimals are printed, of at most 20 steps.
    for (row, sum) in zip(rows, sums) { #expect(try abs(#require(Double(row[1])) - sum) < 2e-5) }
    for outcome in [sequences, steps] { #expect(outcome.errors.hasPrefix("3,000 sequences, ")) }
    #expect(try Program.run("score", "model", "many.txt", in: folder).text == sequences.errors)
  }

  /// Whatever a symbol holds, a row is a line and has as many columns as the header.
  @Test func whatCannotBeSeenIsEscaped() throws {
    let symbols = ["\\t", "\\n", "\\u200b", "\\u00a0", "\\ufeff", "\\u0301", "\\u001b", "a", " "]
    try folder.write("odd.jsonl", "{\"y\": [" + symbols.map { "\"\($0)\"" }.joined(separator: ",") + "]}\n")
    let shown = ["\\t", "\\n", "<U+200B>", "<U+00A0>", "<U+FEFF>", "<U+0301>", "<U+001B>", "a", "<U+0020>"]
    let fit = ["--model", "markov:1,smoothing=ml"]
    #expect(try Program.run(["train", "odd.jsonl", "-o", "odd"] + fit, in: folder).code == 0)
    let table = try Program.run("score", "odd", "odd.jsonl", "--per", "symbol", in: folder).lines
    let rows = table.map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    #expect(rows.allSatisfy { $0.count == 9 } && rows.dropFirst().map { $0[2] } == shown + ["(end)"])
    for command in [["score", "odd", "odd.jsonl", "--per", "sequence"], ["sample", "odd", "--most-probable", "1"]] {
      let lines = try Program.run(command, in: folder).lines
      #expect(lines.count == 2)
      let cells = lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
      #expect(cells[0].count == cells[1].count && cells[1][0] == shown.joined(separator: " "))
      for cell in cells[1].dropFirst() { #expect(Double(cell) == 0) }
    }
    let info = try Program.run("info", "odd", in: folder).text
    #expect(shown.allSatisfy { info.contains($0) })
    let unseen = try Program.run(["score", "model", "-"], input: Data("d\u{200B}".utf8), in: folder)
    #expect(unseen.code == 65 && unseen.errors.contains("\"<U+200B>\""))
  }

  /// None of several that find a test sequence impossible is the best.
  @Test func impossibleIsNotBetterThanImpossible() throws {
    let words = ["tabular:smoothing=ml/eos", "tabular:smoothing=ml/halt"]
    let outcome = try Program.run(["compare", "train.txt"] + words.flatMap { ["--model", $0] }, in: folder)
    #expect(outcome.code == 0)
    let rows = outcome.lines.filter { line in words.contains { line.dropFirst(3).contains($0 + " ") } }.filter {
      $0.contains("inf")
    }
    #expect(rows.count == 2 && rows.allSatisfy { $0.contains("inf") && $0.contains(" –  ") })
    #expect(!outcome.text.contains("*") && !outcome.text.contains("order k + 1"))
  }

  @Test func theOrderOfAnNGramModelIsSaid() throws {
    #expect(try Program.run("info", "model", in: folder).text.contains("n-gram      of order 3\n"))
    #expect(try Program.run("info", "model", "--json", in: folder).json()["nGramOrder"].int == 3)
    let trained = try Program.run("train", "train.txt", "--model", "markov:0", "-o", "out", in: folder)
    #expect(trained.text.hasPrefix("markov:0/eos (n-gram order 1) in out: "))
    let other = try Program.run("train", "train.txt", "--model", "tabular", "-o", "out", in: folder)
    #expect(!other.text.contains("n-gram"))
  }

  /// A fit that goes wrong is reported in the end, and does not take the other rows with it.
  @Test func oneModelThatDivergesLeavesTheOthers() throws {
    let models = ["rnn:8,rate=10,clip=1e9,decay=10,epochs=100,batch=1/eos", "markov:1/eos"]
    let outcome = try Program.run(["compare", "train.txt", "--json"] + models.flatMap { ["--model", $0] }, in: folder)
    #expect(outcome.code == 70)
    #expect(outcome.errors.contains("rnn:8: the loss was not finite"))
    let rows = try JSON(outcome.output)["models"].list
    #expect(try rows.map { try $0["model"].string } == ["markov:k=1,smoothing=modified-kneser-ney/eos"])
  }

  /// A model's row begins with its word, the best one is marked, and each remark stands there once.
  @Test func theTableIsReadable() throws {
    let words = ["markov:1/eos", "markov:1/halt", "tabular:smoothing=ml/eos", "tabular:smoothing=ml/halt"]
    let outcome = try Program.run(["compare", "train.txt"] + words.flatMap { ["--model", $0] }, in: folder)
    let lines = outcome.lines
    for word in words {
      #expect(lines.count { $0.trimmingPrefix(/[*ABP]* +/).hasPrefix(word + " ") } == 1, "\(outcome.text)")
    }
    #expect(lines.count { $0.contains(/^\*[ABP]* +[a-z]+:[^ ]+ +[0-9]/) } == 1)
    // Every mark and every column that is not plain is explained.
    for legend in [
      "* the model to choose: fewest nats on the validation data.", "A, B smallest AIC, BIC", "P Pareto front",
    ] {
      #expect(lines.contains { $0.hasPrefix(legend) })
    }
    #expect(lines.contains { $0.contains("stored: numbers kept in the fitted model") })
    #expect(lines.contains { $0.contains("an event being a symbol or an end") })
    #expect(lines.contains { $0.contains("order k + 1") })
    let remarks = lines.filter { $0.contains("of probability 0: ") }
    #expect(remarks.count == 1 && remarks[0].hasSuffix(": tabular:smoothing=ml/eos, tabular:smoothing=ml/halt"))
    #expect(lines.allSatisfy { $0.last != " " })
    // From a trillion on powers of ten: 12 (1 + 12 + … + 12^k), by hand.
    let counts = try Program.run(
      "compare", "train.txt", "--model", "markov:9", "--model", "markov:10", "--model", "markov:11", in: folder)
    for count in ["67,546,215,516", "810,554,586,204", "9.73e12"] { #expect(counts.text.contains(" \(count) ")) }
    let one = try Program.run(["score", "model", "-"], input: Data("da".utf8), in: folder)
    #expect(one.text.hasPrefix("1 sequence, 2 symbols: −log P = "))
  }
}
