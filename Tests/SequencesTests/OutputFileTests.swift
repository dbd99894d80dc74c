import Foundation
import Sequences
import Testing

/// Files are replaced whole; what is no file is written into.
@Suite final class OutputFileTests {
  private let folder: URL
  private let bytes = Data("new".utf8)

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chainrule-output-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "there"), withIntermediateDirectories: true)
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
      let output = try OutputFile(path(name))
      #expect(output.isReplaced)
      try output.write(content)
      #expect(isLink(name))
      #expect(try Data(contentsOf: folder.appending(path: "there/file")) == content)
      #expect(try names(in: "there") == ["file"])
    }
    #expect(try names(in: ".") == ["absolute", "relative", "there", "twice"])
  }

  @Test func linksInACircleAreRefused() throws {
    try link("a", to: "b")
    try link("b", to: "a")
    #expect(throws: OutputError.self) { try OutputFile(path("a")) }
    #expect(isLink("a") && isLink("b"))
  }

  @Test(arguments: ["pipe", "link"]) func aPipeIsWrittenInto(name: String) throws {
    try #require(mkfifo(path("pipe"), 0o600) == 0)
    try link("link", to: "pipe")
    // Opened without waiting for the writer; what is written stays in the pipe until it is read.
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let output = try OutputFile(path(name))
    #expect(!output.isReplaced)
    try output.write(bytes)
    var block = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &block, 16) == 3)
    #expect(Data(block.prefix(3)) == bytes)
    #expect(try names(in: ".") == ["link", "pipe", "there"])
  }

  @Test func aFolderIsRefused() throws {
    for name in ["there", "there/", "there/.", "none/", "none/file", "", "a\0b"] {
      #expect(throws: OutputError.self) { try OutputFile(name.isEmpty ? "" : folder.path + "/" + name) }
    }
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
    #expect(throws: OutputError.replacesInput(path("link"), input: path("hard"))) {
      try OutputFile(path("link"), reading: [path("other"), path("hard")])
    }
    #expect(!OutputFile.replaces(path("none"), path("none")))
    #expect(!OutputFile.replaces("/dev/null", "/dev/null"))
  }

  private func permissions(_ name: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int)
  }

  @Test(arguments: [0o600, 0o640, 0o755, 0o222]) func aFileKeepsItsPermissions(permissions: Int) throws {
    try Data("old".utf8).write(to: folder.appending(path: "file"))
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path("file"))
    try link("link", to: "file")
    for name in ["file", "link"] {
      try OutputFile.write(bytes, to: path(name))
      #expect(try self.permissions("file") == permissions)
    }
  }

  /// 0666 without what the user's mask takes away, as any other program's.
  @Test func aNewFileHasTheUsualPermissions() throws {
    try OutputFile.write(bytes, to: path("file"))
    #expect(FileManager.default.createFile(atPath: path("other"), contents: nil))
    #expect(try permissions("file") == permissions("other"))
  }

  @Test(arguments: [true, false]) func aLongNameIsWrittenOrRefusedBeforeTheWork(isThere: Bool) throws {
    for length in [240, 250, 255] {
      let name = String(repeating: "n", count: length)
      if isThere { try Data("old".utf8).write(to: folder.appending(path: name)) }
      try OutputFile.write(bytes, to: path(name))
      #expect(try Data(contentsOf: folder.appending(path: name)) == bytes)
    }
    #expect(throws: OutputError.self) { try OutputFile(path(String(repeating: "n", count: 256))) }
    // Bytes are counted, not letters.
    #expect(throws: OutputError.self) { try OutputFile(path(String(repeating: "ä", count: 128))) }
  }

  /// Where the file system knows no files without a name.
  @Test func aNamedTemporaryFileIsMovedOrRemoved() throws {
    let folder = Array((path("there") + "/").utf8CString)
    do {
      var file = try TemporaryFile(in: folder, isNamed: true, isPrivate: false)
      #expect(try names(in: "there").count == 1)
      try file.move(to: OutputTarget.File(path: Array(path("there/file").utf8CString)))
    }
    #expect(try names(in: "there") == ["file"])
    do {
      let file = try TemporaryFile(in: folder, isNamed: true, isPrivate: false)
      #expect(try names(in: "there").count == 2 && file.descriptor >= 0)
    }
    #expect(try names(in: "there") == ["file"])
  }

  /// A temporary file that nobody holds is removed, one that is being written is not, nor is a file of another's.
  @Test func leftoversOfDeadProgramsAreRemoved() throws {
    let others = [".chainrule-1.tmp", ".chainrule-0123456789abcdeg.tmp", "file.1.tmp"]
    for name in others + [".chainrule-0123456789abcdef.tmp"] {
      try bytes.write(to: folder.appending(path: "there/" + name))
    }
    let file = try TemporaryFile(in: Array((path("there") + "/").utf8CString), isNamed: true, isPrivate: false)
    #expect(try names(in: "there").count == 5)
    try OutputFile.write(bytes, to: path("there/out"))
    #expect(try names(in: "there").count == 5 && file.descriptor >= 0)
    #expect(try Set(names(in: "there")).isSuperset(of: others + ["out"]))
  }

  /// A temporary file of the folder's, without a name, leaves nothing while it is written.
  @Test func whatIsBeingWrittenHasNoName() throws {
    try OutputFile.write(to: path("there/file")) { piece in
      try bytes.withUnsafeBytes(piece)
      #expect(try names(in: "there").allSatisfy { $0.hasPrefix(".chainrule-") })
      #if os(Linux)
        #expect(try names(in: "there").isEmpty)
      #endif
    }
    #expect(throws: CancellationError.self) {
      try OutputFile.write(to: path("there/file")) { _ in throw CancellationError() }
    }
    #expect(try names(in: "there") == ["file"])
    #expect(try Data(contentsOf: folder.appending(path: "there/file")) == bytes)
  }

  /// A name of something that is open already: it is written into, from where it stands.
  @Test func anOpenDescriptorIsWrittenInto() throws {
    let descriptor = open(path("file"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    _ = try bytes.withUnsafeBytes { try #require(Foundation.write(descriptor, $0.baseAddress, $0.count) == 3) }
    try link("link", to: "/dev/fd/\(descriptor)")
    for name in ["/dev/fd/\(descriptor)", "/dev/../dev/fd//\(descriptor)", path("link")] {
      let output = try OutputFile(name)
      #expect(!output.isReplaced && !output.isStandardOutput)
      try output.write(bytes)
    }
    #expect(try Data(contentsOf: folder.appending(path: "file")) == bytes + bytes + bytes + bytes)
    for name in ["-", "/dev/stdout", "/dev/fd/1"] { #expect(OutputFile.isStandardOutput(name)) }
    #expect(!OutputFile.isStandardOutput("/dev/stderr") && !OutputFile.isStandardOutput("/dev/null"))
    #expect(throws: OutputError.self) { try OutputFile("/dev/fd/999999") }
    let reader = open(path("file"), O_RDONLY | O_CLOEXEC)
    defer { close(reader) }
    #expect(throws: OutputError.self) { try OutputFile("/dev/fd/\(reader)") }
  }
}
