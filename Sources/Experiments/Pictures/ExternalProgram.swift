import Foundation

/// A program of others that makes pictures, found at run time: Graphviz for graphs, gnuplot for charts. Where it is
/// missing, everything but the picture works.
public struct ExternalProgram: Sendable {
  /// What it is called on a command line.
  public let name: String
  /// The package that brings it, on Debian and most other systems.
  public let package: String

  public static let graphviz = ExternalProgram(name: "dot", package: "graphviz")
  public static let gnuplot = ExternalProgram(name: "gnuplot", package: "gnuplot-nox")

  public init(name: String, package: String) {
    self.name = name
    self.package = package
  }

  /// Runs it and waits.
  /// - Parameter input: what it reads from standard input.
  /// - Returns: what it wrote to standard output.
  /// - Throws: `PictureError`.
  public func run(_ arguments: [String], input: String) throws -> Data {
    guard let path = path(in: ProcessInfo.processInfo.environment["PATH"] ?? "") else {
      throw PictureError.missing(program: name, package: package)
    }
    // Files, and no pipes that both ends could wait for.
    let folder = FileManager.default.temporaryDirectory.appending(path: "chainrule-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let files = try ["input", "output", "messages"].map { name in
        let file = folder.appending(path: name)
        try Data(name == "input" ? input.utf8 : "".utf8).write(to: file)
        return file
      }
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
      process.waitUntilExit()
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        let messages = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        throw PictureError.failed(program: name, message: messages.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      return try Data(contentsOf: files[1])
    } catch let error as PictureError {
      throw error
    } catch {
      throw PictureError.failed(program: name, message: error.localizedDescription)
    }
  }

  private func path(in folders: String) -> String? {
    folders.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// Why there is no picture.
public enum PictureError: Error, Equatable, CustomStringConvertible {
  case missing(program: String, package: String)
  case failed(program: String, message: String)
  /// A file whose suffix says no kind of picture.
  case unknownFormat(String)

  public var description: String {
    switch self {
    case .missing(let program, let package):
      "The picture needs the program \(program), which is not here: install the package \(package)."
    case .failed(let program, let message):
      "\(program) could not make the picture\(message.isEmpty ? "." : ": \(message)")"
    case .unknownFormat(let path): "\(path): a picture's name ends in .svg or .png."
    }
  }
}
