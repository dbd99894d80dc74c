import Foundation
import Sequences

/// A program of others that makes pictures, found at run time: Graphviz for graphs, gnuplot for charts. Where it is
/// missing, everything but the picture works.
package struct ExternalProgram: Sendable {
  /// What it is called on a command line.
  package let name: String
  /// The package that brings it, on Debian and most other systems.
  package let package: String

  package static let graphviz = ExternalProgram(name: "dot", package: "graphviz")
  package static let gnuplot = ExternalProgram(name: "gnuplot", package: "gnuplot-nox")

  package init(name: String, package: String) {
    self.name = name
    self.package = package
  }

  /// Runs it and waits.
  ///
  /// Its input, output and messages are files without a name, and no pipes that both ends could wait for: nothing is left
  /// of them however this program ends.
  /// - Parameters:
  ///   - input: what it reads from standard input.
  ///   - isInterrupted: asked now and then; where it says so, the program is ended, with all that it has started.
  /// - Returns: what it wrote to standard output.
  /// - Throws: `PictureError`.
  package func run(_ arguments: [String], input: String, isInterrupted: () -> Bool = { false }) throws -> Data {
    guard let path = path(in: ProcessInfo.processInfo.environment["PATH"] ?? "") else {
      throw PictureError.missing(program: name, package: package)
    }
    do {
      let files = try (0..<3).map { _ in
        FileHandle(fileDescriptor: try TemporaryFile.unnamed(), closeOnDealloc: true)
      }
      try files[0].write(contentsOf: Data(input.utf8))
      try files[0].seek(toOffset: 0)
      let process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.standardInput = files[0]
      process.standardOutput = files[1]
      process.standardError = files[2]
      let end = DispatchSemaphore(value: 0)
      process.terminationHandler = { _ in end.signal() }
      try process.run()
      while end.wait(timeout: .now() + .milliseconds(10)) == .timedOut {
        guard isInterrupted() else { continue }
        // It leads a group of processes, as all do that Foundation starts.
        kill(-process.processIdentifier, SIGKILL)
        end.wait()
        throw PictureError.interrupted(program: name)
      }
      func content(_ file: FileHandle) throws -> Data {
        try file.seek(toOffset: 0)
        return try file.readToEnd() ?? Data()
      }
      guard process.terminationReason == .exit, process.terminationStatus == 0 else {
        let messages = String(decoding: try content(files[2]), as: UTF8.self)
        throw PictureError.failed(program: name, message: messages.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      return try content(files[1])
    } catch let error as PictureError {
      throw error
    } catch let error as SystemError {
      throw PictureError.failed(program: name, message: "no temporary files can be made: \(error.reason)")
    } catch {
      throw PictureError.failed(program: name, message: error.localizedDescription)
    }
  }

  private func path(in folders: String) -> String? {
    folders.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// Why there is no picture.
package enum PictureError: Error, Equatable, CustomStringConvertible {
  case missing(program: String, package: String)
  case failed(program: String, message: String)
  /// It was ended before it was done.
  case interrupted(program: String)
  /// A file whose suffix says no kind of picture.
  case unknownFormat(String)

  package var description: String {
    switch self {
    case .missing(let program, let package):
      "The picture needs the program \(program), which is not here: install the package \(package)."
    case .failed(let program, let message):
      "\(program) could not make the picture\(message.isEmpty ? "." : ": \(message)")"
    case .interrupted(let program): "\(program) was ended before the picture was done."
    case .unknownFormat(let path): "\(path): a picture's name ends in .svg or .png."
    }
  }
}
