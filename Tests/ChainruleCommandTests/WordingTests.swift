import Foundation
import Testing

/// Words that readers stumbled over stand on no page and in no table.
@Suite struct WordingTests {
  private let stumbled =
    /\b(laws?|stretch(es)?|go(es)? on|going on|ladder|nobody|in vain|held against|above best|abruptly)\b|of it length|<1e-300/

  @Test(arguments: CommandList.commands)
  func noPageSaysThem(command: CommandList.Command) throws {
    let page = try Program.run("help", command.name, in: Folder()).text
    let words = page.replacing("\n", with: " ").matches(of: stumbled).map { String($0.output.0) }
    #expect(words == [], "\(command)")
  }

  @Test func noResultSaysThem() throws {
    let folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    try folder.write("test.txt", names(12, seed: 2))
    let lines = [
      "train train.txt --model rnn:2,epochs=1/tau:input=none -o net", "train train.txt --model markov:2 -o model",
      "score model test.txt --exposure", "sample model -n 50 --top-k 1 --max-length 20",
      "sample model -n 50 --novelty train.txt",
      "lengths model test.txt", "lengths net --samples 100 --max-length 4", "info model", "audit model --samples 1000",
      "independence train.txt --max-order 2", "memory train.txt model --samples 30", "distance model net --samples 30",
      "distance net --samples 100 --orders 0-2", "parameters markov:2 --alphabet-size 3",
    ]
    for line in lines {
      let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.code == 0)
      let words = (outcome.text + outcome.errors).matches(of: stumbled).map { String($0.output.0) }
      #expect(words == [], "\(line)")
    }
    let trained = try Program.run("train", "train.txt", "--model", "rnn:2,epochs=1", "-o", "net", in: folder)
    #expect(trained.errors.contains("3 sequences") && trained.errors.contains("held out for early stopping"))
    #expect(trained.text.contains("train  60 sequences (57 + 3 held out), "))
    let cut = try Program.run("sample", "model", "-n", "50", "--top-k", "1", "--max-length", "20", in: folder)
    #expect(cut.errors.contains(/--top-k suppressed [0-9.e+]+ % of the stops that the model would have made/))
  }
}
