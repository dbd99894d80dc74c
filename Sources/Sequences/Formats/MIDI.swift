/// Standard MIDI Files: a file is a sequence, a frame of a grid a vector of 88 bits (`PianoKeys`).
///
/// A quarter note has `ReadOptions.grid` frames. A key is 1 in a frame if it sounds, on any channel but that of drums, for at
/// least half of it; shorter notes are lost. The file's end is rounded to whole frames. Keys outside 21 … 108 are left out.
package enum MIDIFormat: VectorFormat {
  package static let name = "midi"
  package static let suffixes = [".mid", ".midi"]
  package static let summary = "a file, or each of a folder, of notes on a grid"
  package static let isBinary = true

  package static func claims(head: [UInt8]) -> Bool { head.starts(with: MIDINotes.magic) }

  /// Frames beyond which a file is refused: it is none of music, or the grid is far too fine.
  static let mostFrames = 1 << 18

  package static func read(_ source: inout ByteSource, _ options: ReadOptions, into builder: inout VectorBuilder) throws
  {
    let start = Location(file: source.name, line: 1, column: 1)
    try builder.name(columns: PianoKeys.names, at: start)
    guard try source.peek() != nil else { return }
    let notes = try MIDINotes(BinaryReader(&source))
    let frames = try frames(notes, grid: options.grid, file: source.name)
    for frame in frames.keys { try builder.append(keys: frame, at: start) }
    builder.endSequence()
    if frames.leftOut > 0 {
      builder.remarks.append(
        "\(source.name): \(frames.leftOut) note\(frames.leftOut == 1 ? "" : "s") outside the 88 keys of a piano left out"
      )
    }
  }

  /// The keys of each frame, and how many notes are those of no key.
  /// - Throws: `DataError.malformed` for a grid that is none, and for too many frames.
  static func frames(_ notes: MIDINotes, grid: Int, file: String) throws(DataError) -> (keys: [[Bool]], leftOut: Int) {
    let start = Location(file: file, line: 1, column: 1)
    guard 1...960 ~= grid else {
      throw .malformed(start, "expected a grid of 1 to 960 frames a quarter note, found \(grid)")
    }
    // Times in units of which a tick has `grid` and a frame `division`, so that all are whole.
    let unit = notes.division
    let count = (2 * notes.end * grid + unit) / (2 * unit)
    guard count <= mostFrames else {
      throw .malformed(
        start,
        "expected at most \(mostFrames) frames, found \(count): \(grid == 1 ? "the file is no music" : "use a coarser grid")"
      )
    }
    var frames = [[Bool]](repeating: [Bool](repeating: false, count: PianoKeys.pitches.count), count: count)
    var byPitch = [[Range<Int>]](repeating: [], count: 128)
    for note in notes.notes { byPitch[note.pitch].append(note.start * grid..<note.end * grid) }
    for pitch in PianoKeys.pitches {
      var (frame, heard) = (0, 0)
      for sound in union(byPitch[pitch]) {
        var start = sound.lowerBound
        while start < sound.upperBound {
          if start / unit != frame { (frame, heard) = (start / unit, 0) }
          let end = min(sound.upperBound, (frame + 1) * unit)
          heard += end - start
          if frame < count, 2 * heard >= unit { frames[frame][pitch - PianoKeys.pitches.lowerBound] = true }
          start = end
        }
      }
    }
    return (frames, notes.notes.count { !PianoKeys.pitches.contains($0.pitch) })
  }

  /// The same times in ranges that do not overlap, in order.
  private static func union(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var union: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = union.last, range.lowerBound <= last.upperBound {
        union[union.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        union.append(range)
      }
    }
    return union
  }
}
