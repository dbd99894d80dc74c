import Foundation
import Inference
import Models
import Sequences
import Testing

/// Model files that earlier programs wrote are read, and score as those programs did.
@Suite struct EarlierFilesTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../Conformance/models", directoryHint: .isDirectory)

  /// Names of files with the nats of names.txt that the program printed that wrote the file.
  static let scores: [(file: String, nats: Double)] =
    (try? String(contentsOf: folder.appending(path: "scores.tsv"), encoding: .utf8))?.split(separator: "\n").compactMap
  {
    let fields = $0.split(separator: "\t")
    return Double(fields[1]).map { (String(fields[0]), $0) }
  } ?? []

  @Test func everyFileHasAScore() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
      $0.hasSuffix(".safetensors")
    }
    #expect(files.count >= 22 && Set(files) == Set(Self.scores.map(\.file)))
  }

  /// The same tensors, word, alphabet, facts and format, but for the versions of what wrote them.
  @Test(arguments: scores.indices)
  func areWrittenAsTheyWere(_ index: Int) throws {
    let bytes = try Data(contentsOf: Self.folder.appending(path: Self.scores[index].file))
    var files = [try TensorFile(bytes), try TensorFile(ModelFile.bytes(of: ModelFile.model(from: bytes)))]
    for index in files.indices { files[index].metadata["chainrule.versions"] = nil }
    #expect(files[0].metadata == files[1].metadata)
    #expect(files[0].tensors == files[1].tensors)
  }

  @Test(arguments: scores.indices)
  func scoresAreTheSame(_ index: Int) throws {
    let (file, nats) = Self.scores[index]
    let model = try ModelFile.model(from: Data(contentsOf: Self.folder.appending(path: file)))
    let names = try Dataset(reading: Self.folder.appending(path: "names.txt").path, alphabet: model.alphabet)
    #expect(names.sequences.count == 60)
    // Networks compute in single precision, with other instructions on other processors.
    let tolerance = model.specification.family is any RecurrentFamily ? 1e-5 : 1e-12
    #expect(abs(model.figures(on: names.sequences).nats / nats - 1) < tolerance, "\(file)")
  }
}
