import CChainrule
import Chainrule

/// What a caller of the C interface asked for that cannot be.
enum InterfaceError: Error, CustomStringConvertible {
  case nullPointer(String)
  case notUTF8(String)
  case outOfRange(String, Int64)
  case standardInput
  case symbolOutside(Int64, alphabetSize: Int, sequence: Int?)
  case offsets(sequence: Int)
  case walkIsOver(length: Int)
  case needsInputs(String)
  case needsLength(String)
  case lengthIsDecided(String)
  case impossibleLength(Int64)
  case bufferTooSmall(needed: Int, available: Int)

  var description: String {
    switch self {
    case .nullPointer(let name): "\(name) is a null pointer."
    case .notUTF8(let name): "\(name) is not valid UTF-8."
    case .outOfRange(let name, let value): "\(name) is \(value): it must be from 0 to 2^48 − 1."
    case .standardInput: "A model is read from a file here, and not from standard input (-)."
    case .symbolOutside(let symbol, let size, let sequence):
      "\(sequence.map { "Sequence \($0) holds the" } ?? "There is no") symbol \(symbol)"
        + (sequence == nil ? "" : ", which does not exist") + ": symbols are 0 to \(size - 1)."
    case .offsets(let sequence): "The offsets of sequence \(sequence) fall, or the first one is not 0."
    case .walkIsOver(let length): "The sequence is over: its length \(length) was given, and so many symbols are there."
    case .needsInputs(let model):
      "\(model): the model looks at inputs x, which only the program chainrule takes (score, sample --inputs)."
    case .needsLength(let model):
      "\(model): the symbols depend on the length, which is drawn first: give the walk a length."
    case .lengthIsDecided(let model):
      "\(model): the model decides at each step whether to end, so a walk has no given length: leave it out (−1 in C)."
    case .impossibleLength(let length): "\(length) is no length: give one from 0 to \(Int32.max), or −1 for none."
    case .bufferTooSmall(let needed, let available):
      "The buffer has room for \(available) and \(needed) are needed: call again with more."
    }
  }

  fileprivate var status: Int {
    if case .bufferTooSmall = self { CHAINRULE_BUFFER_TOO_SMALL } else { CHAINRULE_USAGE }
  }
}

/// Does what a function of the interface does, and turns what it throws into a status and the thread's last error.
func status(_ body: () throws -> Void) -> chainrule_status {
  do {
    try body()
    return chainrule_status(CHAINRULE_OK)
  } catch {
    chainrule_set_last_error("\(error)")
    return chainrule_status(statusNumber(of: error))
  }
}

private func statusNumber(of error: any Error) -> Int {
  switch error {
  case let error as InterfaceError: error.status
  case DataError.missingFile, DataError.unreadable: CHAINRULE_NO_INPUT
  case is DataError, is ModelReadingError: CHAINRULE_DATA
  case is SpecificationError: CHAINRULE_USAGE
  default: CHAINRULE_FAULT
  }
}
