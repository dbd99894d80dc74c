import Foundation

/// Another program that reads a file and writes one: `tool INPUT OUTPUT`.
enum FileTool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// What it writes, as text.
  static func run(_ tool: String, input: [UInt8]) throws -> String {
    String(decoding: try bytes(tool, input: input), as: UTF8.self)
  }

  /// What it writes. A tool that takes more than a minute is ended.
  static func bytes(_ tool: String, input: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (source, target) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input).write(to: source)
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = [source.path, target.path]
    process.standardInput = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + 60) == .timedOut {
      process.terminate()
      throw Failure(description: "\(tool) did not end")
    }
    guard process.terminationStatus == 0 else { throw Failure(description: "\(tool): \(process.terminationStatus)") }
    return Array(try Data(contentsOf: target))
  }
}
