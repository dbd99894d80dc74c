import Foundation
import Sequences
import Testing

/// Files are replaced whole; what is no file is written into.
@Suite final class OutputFileTests {
  private let folder: URL
  private let bytes = Data("new".utf8)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chainrule-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "there"), withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
  }

  private func isLink(_ name: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path(name))) != nil
  }

  private func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  @Test func aFileIsReplacedAndNothingStaysBesideIt() throws {
    try Data("a longer old text".utf8).write(to: folder.appending(path: "there/file"))
    try OutputFile.write(bytes, to: path("there/file"))
    #expect(try Data(contentsOf: folder.appending(path: "there/file")) == bytes)
    #expect(try names(in: "there") == ["file"])
  }

  /// Relative, absolute, a link to a link, and one to a file that is not there yet.
  @Test(arguments: [true, false]) func aLinkStaysAndWhatItLeadsToIsReplaced(exists: Bool) throws {
    if exists { try Data("old".utf8).write(to: folder.appending(path: "there/file")) }
    try link("relative", to: "there/file")
    try link("absolute", to: path("there/file"))
    try link("twice", to: "relative")
    for name in ["relative", "absolute", "twice"] {
      let content = Data(name.utf8)
      try OutputFile.check(path(name))
      #expect(OutputFile.replaces(path(name)))
      try OutputFile.write(content, to: path(name))
      #expect(isLink(name))
      #expect(try Data(contentsOf: folder.appending(path: "there/file")) == content)
      #expect(try names(in: "there") == ["file"])
    }
    #expect(try names(in: ".") == ["absolute", "relative", "there", "twice"])
  }

  @Test func linksInACircleAreRefused() throws {
    try link("a", to: "b")
    try link("b", to: "a")
    #expect(throws: OutputError.self) { try OutputFile.check(path("a")) }
    #expect(throws: OutputError.self) { try OutputFile.write(bytes, to: path("a")) }
    #expect(isLink("a") && isLink("b"))
  }

  @Test(arguments: ["pipe", "link"]) func aPipeIsWrittenInto(name: String) throws {
    try #require(mkfifo(path("pipe"), 0o600) == 0)
    try link("link", to: "pipe")
    // Opened without waiting for the writer; what is written stays in the pipe until it is read.
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try OutputFile.check(path(name))
    #expect(!OutputFile.replaces(path(name)))
    try OutputFile.write(bytes, to: path(name))
    var block = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &block, 16) == 3)
    #expect(Data(block.prefix(3)) == bytes)
    #expect(try names(in: ".") == ["link", "pipe", "there"])
  }

  @Test func aFolderIsRefused() throws {
    #expect(throws: OutputError.self) { try OutputFile.check(path("there")) }
    #expect(throws: OutputError.self) { try OutputFile.write(bytes, to: path("there")) }
  }

  @Test func aFileIsTheSameWhateverItIsCalled() throws {
    for name in ["file", "other"] { try bytes.write(to: folder.appending(path: name)) }
    try link("link", to: "file")
    try FileManager.default.linkItem(atPath: path("file"), toPath: path("hard"))
    for name in ["file", "./file", "there/../file", "link", "hard"] {
      #expect(OutputFile.replaces(path(name), path("file")))
      #expect(OutputFile.replaces(path("file"), path(name)))
      #expect(!OutputFile.replaces(path(name), path("other")))
    }
    #expect(!OutputFile.replaces(path("none"), path("none")))
    #expect(!OutputFile.replaces("/dev/null", "/dev/null"))
  }
}
