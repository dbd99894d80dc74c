import CChainrule
import Chainrule

/// What a `chainrule_model *` points at.
final class ModelHandle: Sendable {
  let model: SequenceModel

  init(_ model: SequenceModel) { self.model = model }
}

/// What a `chainrule_walk *` points at: a walk, whatever its model's family is.
class WalkHandle {
  /// The number of symbols.
  var alphabetSize: Int { preconditionFailure("a subclass has it") }
  /// Begins another walk where this one stands.
  func copy() -> WalkHandle { preconditionFailure("a subclass does it") }
  /// Writes log P of each symbol and of the end.
  func next(into logProbabilities: UnsafeMutablePointer<Double>) { preconditionFailure("a subclass does it") }
  /// Continues with a symbol of the alphabet.
  func advance(past symbol: Symbol) throws { preconditionFailure("a subclass does it") }
}

/// A pointer to an object that C holds until it frees it.
struct Handle<Object: AnyObject> {
  private let pointer: OpaquePointer

  /// - Throws: `InterfaceError.nullPointer`.
  init(_ pointer: OpaquePointer?, _ name: String) throws {
    guard let pointer else { throw InterfaceError.nullPointer(name) }
    self.pointer = pointer
  }

  /// The object.
  var object: Object { Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue() }

  /// Gives the object to C.
  static func retaining(_ object: Object) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// Takes it back, if there is one.
  static func release(_ pointer: OpaquePointer?) {
    guard let pointer else { return }
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}
