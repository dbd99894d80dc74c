/// Music as a Standard MIDI File of format 0 (MIDI Manufacturers Association 1996): one track, one channel.
package enum MIDIFile {
  /// Why such vectors are no music, in a clause; nil where they are.
  package static func refusal(_ columns: Columns) -> String? { PianoKeys.refusal(columns) }

  /// The bytes of the file of one sequence of frames, each of 88 bits (`PianoKeys`). `MIDIFormat` reads the same frames from them
  /// on the same grid.
  /// - Parameters:
  ///   - framesPerQuarter: frames a quarter note, 1 … 960.
  ///   - tempo: quarter notes a minute, 4 … 1000.
  ///   - repeatsNotes: whether a key that stays active is struck anew in each frame; else it is one held note.
  /// - Complexity: O(frames).
  package static func bytes(
    of frames: some Collection<[Double]>, framesPerQuarter: Int = 1, tempo: Double = 100, repeatsNotes: Bool = false
  ) -> [UInt8] {
    precondition(1...960 ~= framesPerQuarter && 4...1000 ~= tempo, "a grid or a tempo out of range")
    // About 480 ticks a quarter note, and whole ones a frame.
    let ticks = max(480 / framesPerQuarter, 1)
    var track = MIDITrack()
    track.meta(0x51, bigEndian(Int((60e6 / tempo).rounded()), 3), at: 0)
    var sounding = [Bool](repeating: false, count: PianoKeys.pitches.count)
    var tick = 0
    for frame in frames {
      precondition(frame.count == sounding.count, "a frame of other keys")
      track.change(from: sounding, to: frame, at: tick, repeatsNotes)
      for key in sounding.indices { sounding[key] = frame[key] != 0 }
      tick += ticks
    }
    track.change(from: sounding, to: [Double](repeating: 0, count: sounding.count), at: tick, repeatsNotes)
    track.meta(0x2F, [], at: tick)
    let header = bigEndian(0, 2) + bigEndian(1, 2) + bigEndian(framesPerQuarter * ticks, 2)
    return Array("MThd".utf8) + bigEndian(header.count, 4) + header + Array("MTrk".utf8)
      + bigEndian(track.bytes.count, 4) + track.bytes
  }

  private static func bigEndian(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}

/// The events of a track.
private struct MIDITrack {
  private(set) var bytes: [UInt8] = []
  private var last = 0

  /// How hard keys are struck, of 127.
  private static let velocity: UInt8 = 80
  /// The longest time between two events.
  private static let longest = 0x0FFF_FFFF

  /// Lets keys go, and then strikes others.
  mutating func change(from sounding: [Bool], to frame: [Double], at tick: Int, _ repeatsNotes: Bool) {
    for key in sounding.indices where sounding[key] && (repeatsNotes || frame[key] == 0) {
      event(0x80, key, 0, at: tick)
    }
    for key in sounding.indices where frame[key] != 0 && (repeatsNotes || !sounding[key]) {
      event(0x90, key, Self.velocity, at: tick)
    }
  }

  private mutating func event(_ status: UInt8, _ key: Int, _ velocity: UInt8, at tick: Int) {
    wait(until: tick)
    bytes += [status, UInt8(PianoKeys.pitches.lowerBound + key), velocity]
  }

  mutating func meta(_ kind: UInt8, _ content: [UInt8], at tick: Int) {
    wait(until: tick)
    bytes += [0xFF, kind, UInt8(content.count)] + content
  }

  /// The time since the event before, in seven bits a byte.
  private mutating func wait(until tick: Int) {
    while tick - last > Self.longest {
      // An empty text divides a time that is too long for one number.
      variableLength(Self.longest)
      bytes += [0xFF, 0x01, 0x00]
      last += Self.longest
    }
    variableLength(tick - last)
    last = tick
  }

  private mutating func variableLength(_ number: Int) {
    for shift in [21, 14, 7] where number >> shift > 0 { bytes.append(UInt8(number >> shift & 0x7F) | 0x80) }
    bytes.append(UInt8(number & 0x7F))
  }
}
