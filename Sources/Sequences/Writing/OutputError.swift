/// Why a file could not be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// It cannot be made there (exit code 73).
  case cannotCreate(String, reason: String)
  /// It could be begun, but not finished (exit code 74). Of a file nothing is left.
  case cannotWrite(String, reason: String)
  /// It would take the place of a file that is read (exit code 64).
  case replacesInput(String, input: String)

  /// The file, and why it could not be written.
  public var description: String {
    switch self {
    case .cannotCreate(let path, let reason): "\(path): cannot be written: \(reason)"
    case .cannotWrite(let path, let reason): "\(path): writing failed: \(reason)"
    case .replacesInput(let path, let input):
      "\(path): would take the place of \(input == path ? "the file" : input) that is read; give the output another name"
    }
  }
}
