import CChainrule
import Chainrule
import Foundation

// The functions of chainrule.h, which says what each does.

@c @implementation
public func chainrule_load(
  _ path: UnsafePointer<CChar>?, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> chainrule_status {
  status {
    guard let path else { throw InterfaceError.nullPointer("path") }
    guard let model else { throw InterfaceError.nullPointer("model") }
    guard let path = String(validatingCString: path) else { throw InterfaceError.notUTF8("path") }
    if path == "-" { throw InterfaceError.standardInput }
    model.pointee = Handle.retaining(ModelHandle(try SequenceModel(contentsOf: path)))
  }
}

@c @implementation
public func chainrule_alphabet_size(
  _ model: OpaquePointer?, _ size: UnsafeMutablePointer<Int32>?
) -> chainrule_status {
  status {
    let model = try Handle<ModelHandle>(model, "model").object.model
    guard let size else { throw InterfaceError.nullPointer("size") }
    size.pointee = Int32(clamping: model.alphabet.size)
  }
}

@c @implementation
public func chainrule_symbol(
  _ model: OpaquePointer?, _ symbol: Int32, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> chainrule_status {
  status {
    let model = try Handle<ModelHandle>(model, "model").object.model
    guard let length else { throw InterfaceError.nullPointer("length") }
    try model.alphabet.check(Int64(symbol))
    let name = Array(model.alphabet.symbols[Int(symbol)].utf8)
    length.pointee = name.count
    guard name.count <= capacity else { throw InterfaceError.bufferTooSmall(needed: name.count, available: capacity) }
    guard let buffer else { throw InterfaceError.nullPointer("buffer") }
    for (index, byte) in name.enumerated() { buffer[index] = CChar(bitPattern: byte) }
  }
}

@c @implementation
public func chainrule_score(
  _ model: OpaquePointer?, _ symbols: UnsafePointer<Int32>?, _ offsets: UnsafePointer<Int64>?, _ count: Int64,
  _ nats: UnsafeMutablePointer<Double>?
) -> chainrule_status {
  status {
    let model = try Handle<ModelHandle>(model, "model").object.model
    guard model.inputWidth == 0 else { throw InterfaceError.needsInputs(model.specification.shortWord) }
    let sequences = try model.alphabet.sequences(symbols, offsets, count)
    guard let nats else { throw InterfaceError.nullPointer("nats") }
    let set = SequenceSet(sequences, alphabetSize: model.alphabet.size)
    for (index, score) in model.scores(of: set, threads: threads).enumerated() { nats[index] = score.nats }
  }
}

@c @implementation
public func chainrule_sample(
  _ model: OpaquePointer?, _ seed: UInt64, _ first: Int64, _ count: Int64, _ maxLength: Int64,
  _ symbols: UnsafeMutablePointer<Int32>?, _ capacity: Int64, _ offsets: UnsafeMutablePointer<Int64>?,
  _ complete: UnsafeMutablePointer<UInt8>?
) -> chainrule_status {
  status {
    let model = try Handle<ModelHandle>(model, "model").object.model
    for (name, value) in [("first", first), ("count", count), ("max_length", maxLength), ("capacity", capacity)] {
      guard value >= 0, value < 1 << 48 else { throw InterfaceError.outOfRange(name, value) }
    }
    guard let offsets else { throw InterfaceError.nullPointer("offsets") }
    guard model.inputWidth == 0 else { throw InterfaceError.needsInputs(model.specification.shortWord) }
    var options = SamplingOptions()
    options.maximumLength = Int(maxLength)
    let samples = try model.samples(Int(first)..<Int(first + count), seed: seed, options, threads: threads)
    var total = 0
    offsets[0] = 0
    for (index, sample) in samples.enumerated() {
      total += sample.sequence.count
      offsets[index + 1] = Int64(total)
    }
    guard total <= capacity else { throw InterfaceError.bufferTooSmall(needed: total, available: Int(capacity)) }
    if total > 0, symbols == nil { throw InterfaceError.nullPointer("symbols") }
    for (index, sample) in samples.enumerated() {
      complete?[index] = sample.isComplete ? 1 : 0
      for (time, symbol) in sample.sequence.enumerated() { symbols?[Int(offsets[index]) + time] = Int32(symbol) }
    }
  }
}

@c @implementation
public func chainrule_walk_start(
  _ model: OpaquePointer?, _ length: Int64, _ walk: UnsafeMutablePointer<OpaquePointer?>?
) -> chainrule_status {
  status {
    let model = try Handle<ModelHandle>(model, "model").object.model
    guard let walk else { throw InterfaceError.nullPointer("walk") }
    walk.pointee = Handle.retaining(try model.walkHandle(length: length))
  }
}

@c @implementation
public func chainrule_walk_copy(
  _ walk: OpaquePointer?, _ copy: UnsafeMutablePointer<OpaquePointer?>?
) -> chainrule_status {
  status {
    let handle = try Handle<WalkHandle>(walk, "walk").object
    guard let copy else { throw InterfaceError.nullPointer("copy") }
    copy.pointee = Handle.retaining(WalkHandle(handle.walk))
  }
}

@c @implementation
public func chainrule_walk_next(
  _ walk: OpaquePointer?, _ logProbabilities: UnsafeMutablePointer<Double>?
) -> chainrule_status {
  status {
    let handle = try Handle<WalkHandle>(walk, "walk").object
    guard let logProbabilities else { throw InterfaceError.nullPointer("log_probabilities") }
    handle.walk.next(into: logProbabilities)
  }
}

@c @implementation
public func chainrule_walk_advance(_ walk: OpaquePointer?, _ symbol: Int32) -> chainrule_status {
  status {
    let handle = try Handle<WalkHandle>(walk, "walk").object
    guard symbol >= 0, symbol < handle.walk.alphabetSize else {
      throw InterfaceError.symbolOutside(Int64(symbol), alphabetSize: handle.walk.alphabetSize, sequence: nil)
    }
    try handle.walk.advance(past: Int(symbol))
  }
}

@c @implementation
public func chainrule_walk_free(_ walk: OpaquePointer?) { Handle<WalkHandle>.release(walk) }

@c @implementation
public func chainrule_free(_ model: OpaquePointer?) { Handle<ModelHandle>.release(model) }

/// The result does not depend on it.
private var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

extension Alphabet {
  /// - Throws: `InterfaceError.symbolOutside`.
  fileprivate func check(_ symbol: Int64, sequence: Int? = nil) throws {
    guard symbol >= 0, symbol < size else {
      throw InterfaceError.symbolOutside(symbol, alphabetSize: size, sequence: sequence)
    }
  }

  /// A copy of the sequences that C laid one behind the other. O(symbols).
  /// - Throws: `InterfaceError`.
  fileprivate func sequences(
    _ symbols: UnsafePointer<Int32>?, _ offsets: UnsafePointer<Int64>?, _ count: Int64
  ) throws -> [[Symbol]] {
    guard count >= 0, count < 1 << 48 else { throw InterfaceError.outOfRange("count", count) }
    guard let offsets else { throw InterfaceError.nullPointer("offsets") }
    guard offsets[0] == 0 else { throw InterfaceError.offsets(sequence: 0) }
    return try (0..<Int(count)).map { index in
      let (start, end) = (Int(offsets[index]), Int(offsets[index + 1]))
      guard start <= end else { throw InterfaceError.offsets(sequence: index) }
      guard start < end else { return [] }
      guard let symbols else { throw InterfaceError.nullPointer("symbols") }
      return try (start..<end).map { position in
        try check(Int64(symbols[position]), sequence: index)
        return Int(symbols[position])
      }
    }
  }
}
