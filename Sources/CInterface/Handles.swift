import CChainrule
import Chainrule

/// What a `chainrule_model *` points at.
final class ModelHandle: Sendable {
  let model: SequenceModel

  init(_ model: SequenceModel) { self.model = model }
}

/// A walk along a sequence of symbols, whatever its model's family is.
protocol SymbolWalk {
  /// The number of symbols.
  var alphabetSize: Int { get }
  /// Writes log P of each symbol and of the end.
  mutating func next(into logProbabilities: UnsafeMutablePointer<Double>)
  /// Continues with a symbol of the alphabet.
  mutating func advance(past symbol: Symbol) throws
}

/// What a `chainrule_walk *` points at: a box of a walk.
final class WalkHandle {
  var walk: any SymbolWalk

  init(_ walk: any SymbolWalk) { self.walk = walk }
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
