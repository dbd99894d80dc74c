/// The notes of a Standard MIDI File of format 0 or 1 (MIDI Manufacturers Association 1996), in ticks.
///
/// Tempo, instruments and loudness are passed over, and so is channel 10, where keys are drums. A note of a key that sounds
/// already on the same channel ends the one before.
struct MIDINotes {
  /// A key that sounds from tick `start` on, up to tick `end`.
  struct Note {
    var pitch: Int
    var start: Int
    var end: Int
  }

  /// Of all tracks, each track's in the order of their ends.
  private(set) var notes: [Note] = []
  /// Ticks of a quarter note.
  private(set) var division = 1
  /// When the longest track ends.
  private(set) var end = 0

  /// - Throws: `DataError`, with the number of the byte.
  init(_ reader: BinaryReader) throws(DataError) {
    var reader = reader
    let magic = try? reader.slice(4, "a header")
    guard let magic, magic.elementsEqual(Self.magic) else {
      throw reader.wrong("the beginning of a MIDI file, MThd", "other bytes", at: reader.bytes.startIndex)
    }
    let size = try reader.bigEndian(4, "the header's length")
    let headerStart = reader.position
    let header = try reader.slice(size, "the header")
    var fields = BinaryReader(header, file: reader.file)
    let format = try fields.bigEndian(2, "the file's format")
    guard format <= 1 else {
      throw fields.wrong(
        "a MIDI file of format 0 or 1",
        "format \(format)\(format == 2 ? ", whose tracks are pieces of their own" : "")",
        at: headerStart)
    }
    let tracks = try fields.bigEndian(2, "the number of tracks")
    division = try fields.bigEndian(2, "the ticks of a quarter note")
    guard division > 0, division < 0x8000 else {
      throw fields.wrong(
        "ticks of a quarter note", division == 0 ? "0" : "frames of film (SMPTE), which have no quarter notes",
        at: headerStart + 4)
    }
    var found = 0
    while found < tracks {
      let kind = try reader.slice(4, "a track")
      let size = try reader.bigEndian(4, "the track's length")
      let content = try reader.slice(size, "the track")
      guard kind.elementsEqual("MTrk".utf8) else { continue }
      try readTrack(BinaryReader(content, file: reader.file))
      found += 1
    }
  }

  static let magic = Array("MThd".utf8)

  /// The first tick that is refused, far beyond any music: a time multiplied by the grid must not overflow.
  private static let firstRefused = 1 << 40

  private mutating func readTrack(_ reader: BinaryReader) throws(DataError) {
    var reader = reader
    var tick = 0
    var status: UInt8?
    // When the key sounds of a channel began; −1 where it does not sound.
    var starts = [Int](repeating: -1, count: 16 * 128)
    func key(_ channel: UInt8, _ pitch: Int) -> Int { Int(channel) * 128 + pitch }
    while reader.rest > 0 {
      let place = reader.position
      tick += try variableLength(&reader)
      guard tick < Self.firstRefused else { throw reader.wrong("a time below 2^40 ticks", String(tick), at: place) }
      let start = reader.position
      guard let event = reader.peek.map({ $0 >= 0x80 ? $0 : status }) ?? status else {
        throw reader.wrong("an event", reader.rest > 0 ? "a data byte without one" : "the end of the track")
      }
      if let byte = reader.peek, byte >= 0x80 { _ = try reader.byte("an event") }
      // Running status: the events of channels need not repeat it, and many files keep it across other events.
      if event < 0xF0 { status = event }
      switch event {
      case 0xFF:
        let kind = try reader.byte("the kind of a meta event")
        _ = try reader.slice(try variableLength(&reader), "a meta event")
        if kind == 0x2F { reader = BinaryReader([], file: reader.file) }
      case 0xF0, 0xF7: _ = try reader.slice(try variableLength(&reader), "a system exclusive event")
      case 0xF1...: throw reader.wrong("an event of a MIDI file", "the status byte \(event)", at: start)
      default:
        let first = try dataByte(&reader)
        let hasTwo = event < 0xC0 || event >= 0xE0
        let second = hasTwo ? try dataByte(&reader) : 0
        guard event < 0xA0 else { continue }
        let (channel, isOn) = (event & 0x0F, event >= 0x90 && second > 0)
        if channel == 9 { continue }
        let place = key(channel, first)
        if starts[place] >= 0 { notes.append(Note(pitch: first, start: starts[place], end: tick)) }
        starts[place] = isOn ? tick : -1
      }
    }
    for place in starts.indices where starts[place] >= 0 {
      notes.append(Note(pitch: place % 128, start: starts[place], end: tick))
    }
    end = max(end, tick)
  }

  private func dataByte(_ reader: inout BinaryReader) throws(DataError) -> Int {
    let byte = try reader.byte("a data byte")
    if byte >= 0x80 { throw reader.wrong("a data byte below 128", String(byte), at: reader.position - 1) }
    return Int(byte)
  }

  /// A number of up to four bytes, seven bits each.
  private func variableLength(_ reader: inout BinaryReader) throws(DataError) -> Int {
    var value = 0
    for _ in 0..<4 {
      let byte = try reader.byte("a number of variable length")
      value = value << 7 | Int(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    throw reader.wrong("a number of at most four bytes", "a longer one", at: reader.position - 4)
  }
}
