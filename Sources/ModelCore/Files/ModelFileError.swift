/// Why a model file was not taken (exit code 65): nothing of it has been used.
public enum ModelFileError: Error, Equatable, CustomStringConvertible {
  /// Not a safetensors file, or one cut short.
  case notSafetensors(String)
  /// A safetensors file that is not a model of this program.
  case foreign(String)
  /// A tensor or piece of metadata that is missing or of another type or shape than it must be.
  case wrongTensor(String)
  /// Numbers that contradict each other.
  case inconsistent(String)
  /// A model of other elements than are asked for: of symbols, or of vectors.
  case otherElements(String)
  /// Bytes that are not those that were written, by their checksum.
  case damaged(String)
  /// Written by a newer program.
  case newer(format: Int)

  /// What is wrong with the file, as a clause.
  public var description: String {
    switch self {
    case .notSafetensors(let reason): return "not a whole safetensors file: \(reason)"
    case .foreign(let reason): return "not a model of chainrule: \(reason)"
    case .wrongTensor(let reason): return "broken model file: \(reason)"
    case .inconsistent(let reason): return "broken model file: \(reason)"
    case .otherElements(let reason): return reason
    case .damaged(let what):
      return
        "damaged model file: the checksum (CRC-32) of \(what) is not the one that the file says; a file that was changed on "
        + "purpose is read once \(TensorChecksums.headerKey) and \(TensorChecksums.tensorsKey) are taken out of its metadata"
    case .newer(let format): return "the file has format \(format), which is newer than this program"
    }
  }
}
