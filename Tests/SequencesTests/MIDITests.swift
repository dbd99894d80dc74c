import Foundation
import Sequences
import Testing

/// Standard MIDI Files, read and written. The bytes of the small files are put together by hand.
@Suite struct MIDITests {
  static let trackEnd: [UInt8] = [0, 0xFF, 0x2F, 0]

  static func file(_ tracks: [[UInt8]], format: UInt8 = 1, division: [UInt8] = [0, 96]) -> [UInt8] {
    let header = Array("MThd".utf8) + [0, 0, 0, 6, 0, format, 0, UInt8(tracks.count)] + division
    return tracks.reduce(header) {
      $0 + Array("MTrk".utf8) + [0, 0, UInt8($1.count / 256), UInt8($1.count % 256)] + $1
    }
  }

  static func track(_ events: [UInt8]...) -> [UInt8] { events.reduce([], +) + trackEnd }

  private func read(_ bytes: [UInt8], grid: Int = 1, name: String = "x.mid") throws -> VectorDataset {
    try readVectors(bytes, name: name, grid: grid)
  }

  @Test func notesOfTwoTracks() throws {
    // 96 ticks a quarter note: 60 sounds in quarters 1 and 3, by running status and velocity 0; 72 in 2 and 3 on another channel.
    let first = Self.track(
      [0, 0xFF, 0x51, 3, 7, 0xA1, 0x20], [0, 0x90, 60, 64], [96, 60, 0], [96, 60, 1], [96, 60, 0], [96, 0xC0, 5])
    let second = Self.track(
      [0, 0xF0, 2, 1, 0xF7], [96, 0x91, 72, 64], [0x81, 0x40, 0x81, 72, 64], [0, 0xB1, 7, 100])
    let data = try read(Self.file([first, second]))
    #expect(data.arrays == [frames([[60], [72], [60, 72], []])] && data.format == "midi" && data.remarks.isEmpty)
    #expect(data.columns.values == .bits && data.columns.names[39] == "C4")
    #expect(
      try read(Self.file([first, second]), grid: 2).arrays == [
        frames([[60], [60], [72], [72], [60, 72], [60, 72], [], []])
      ])
    #expect(try read(Self.file([first], format: 0)).arrays == [frames([[60], [], [60], []])])
  }

  /// A key is active in a frame if it sounds for at least half of it.
  @Test(arguments: [(47, [[Int]]()), (48, [[60]]), (96, [[60]]), (143, [[60]]), (144, [[60], [60]])])
  func halfAFrame(ticks: Int, keys: [[Int]]) throws {
    let end: [UInt8] = ticks < 128 ? [UInt8(ticks)] : [0x81, UInt8(ticks - 128)]
    #expect(try read(Self.file([Self.track([0, 0x90, 60, 64], end + [60, 0])])).arrays == [frames(keys)])
  }

  @Test func partsOfAFrameAddUp() throws {
    // Two notes of a quarter of a frame each, on one channel; the same ones at once, on two channels, are one.
    let apart = Self.track([0, 0x90, 60, 64], [24, 60, 0], [24, 60, 64], [24, 60, 0], [24, 0xB0, 7, 1])
    #expect(try read(Self.file([apart])).arrays == [frames([[60]])])
    let atOnce = Self.track([0, 0x90, 60, 64], [0, 0x91, 60, 64], [24, 60, 0], [0, 0x90, 60, 0], [72, 7, 0])
    #expect(try read(Self.file([atOnce])).arrays == [frames([[]])])
  }

  @Test func drumsAndOtherKeysAreLeftOut() throws {
    let track = Self.track(
      [0, 0x99, 60, 64], [0, 0x90, 20, 64], [0, 109, 64], [0, 108, 64], [96, 108, 0], [0, 20, 0], [0, 109, 0])
    let data = try read(Self.file([track]))
    #expect(data.arrays == [frames([[108]])])
    #expect(data.remarks == ["x.mid: 2 notes outside the 88 keys of a piano left out"])
  }

  /// A key that is struck again, and one that nobody lets go.
  @Test func notesWithoutAnEnd() throws {
    let track = Self.track([0, 0x90, 60, 64], [96, 60, 64], [96, 62, 64], [96, 60, 0], [96, 64, 0])
    #expect(try read(Self.file([track])).arrays == [frames([[60], [60], [60, 62], [62]])])
  }

  static let malformed: [([UInt8], Int, String)] = [
    (Array("RIFF".utf8), 1, "the beginning of a MIDI file, MThd, found other bytes"),
    (
      file([track()], format: 2), 9,
      "a MIDI file of format 0 or 1, found format 2, whose tracks are pieces of their own"
    ),
    (
      file([track()], division: [0xE7, 40]), 13,
      "ticks of a quarter note, found frames of film (SMPTE), which have no quarter notes"
    ),
    (file([track()], division: [0, 0]), 13, "ticks of a quarter note, found 0"),
    (file([[0, 60, 64]]), 24, "an event, found a data byte without one"),
    (file([[0, 0x90, 60]]), 26, "a data byte, found the end of the data"),
    (file([[0, 0x90, 60, 0x90]]), 26, "a data byte below 128, found 144"),
    (file([[0x80, 0x80, 0x80, 0x80, 0]]), 23, "a number of at most four bytes, found a longer one"),
    (file([[0, 0xFF, 1, 100, 0]]), 27, "100 bytes of a meta event, found only 1"),
    (file([[0, 0xF1, 1]]), 24, "an event of a MIDI file, found the status byte 241"),
    (Array(file([track()]).prefix(22)), 23, "4 bytes of the track, found the end of the data"),
    (Array(file([track()]).prefix(14)), 15, "4 bytes of a track, found the end of the data"),
  ]

  @Test(arguments: malformed) func errorsHavePlaces(bytes: [UInt8], column: Int, problem: String) {
    #expect(throws: DataError.malformed(at(1, column, file: "x.mid"), "expected " + problem)) { try read(bytes) }
  }

  @Test func hugeTimesAndGridsAreRefused() throws {
    let wait: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F, 0xB0, 7, 1]
    let track = Self.track(wait, wait, wait)
    #expect(throws: DataError.self) { try read(Self.file([track], division: [0, 1])) }
    // 4096 times 2^28 − 1 ticks are 4096 below 2^40.
    let waits = [[UInt8]](repeating: [0xFF, 0xFF, 0xFF, 0x7F, 0xC0, 5], count: 4096).flatMap { $0 }
    for (ticks, isRefused) in [([0x9F, 0x7F], false), ([0xA0, 0], true)] as [([UInt8], Bool)] {
      let error = try VectorOutcome {
        try read(Self.file([Self.track(waits, ticks + [0xC0, 5])], division: [0x7F, 0xFF]), grid: 960)
      }.error
      let found =
        isRefused
        ? DataError.malformed(
          at(1, 22 + waits.count + 1, file: "x.mid"), "expected a time below 2^40 ticks, found 1099511627776")
        : .malformed(
          // 960 frames for every 2^15 − 1 ticks.
          at(1, 1, file: "x.mid"), "expected at most 262144 frames, found 32213237790: use a coarser grid")
      #expect(error == found)
    }
    for grid in [0, -1, 961, Int.max] {
      #expect(
        throws: DataError.malformed(
          at(1, 1, file: "x.mid"), "expected a grid of 1 to 960 frames a quarter note, found \(grid)")
      ) {
        try read(Self.file([Self.track()]), grid: grid)
      }
    }
    #expect(throws: DataError.noSequences("x.mid")) { try read([]) }
    #expect(try read(Self.file([Self.track()])).arrays == [[]])
    #expect(
      throws: DataError.malformed(
        at(1, 1, file: "x.mid"), "expected 12 numbers a step, as in the training data, found 88")
    ) {
      try readVectors(Self.file([Self.track()]), name: "x.mid", columns: Columns(.bits, width: 12))
    }
  }

  @Test func folders() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: DataError.unreadable(folder.path, reason: "it is a folder without MIDI files (.mid, .midi)")) {
      try VectorDataset(reading: folder.path)
    }
    for (name, key) in [("b.MID", 62), ("a.midi", 60), ("é.mid", 64), (".c.mid", 66)] {
      try Data(MIDIFile.bytes(of: frames([[key]]))).write(to: folder.appending(path: name))
    }
    try Data("text".utf8).write(to: folder.appending(path: "a.txt"))
    guard case .vectors(let data) = try AnyDataset.read(folder.path) else {
      Issue.record("a folder of symbols")
      return
    }
    #expect(data.arrays == [60, 62, 64].map { frames([[$0]]) } && data.name == folder.lastPathComponent)
    try Data("text".utf8).write(to: folder.appending(path: "d.mid"))
    #expect(
      throws: DataError.malformed(
        at(1, 1, file: folder.path + "/d.mid"), "expected the beginning of a MIDI file, MThd, found other bytes")
    ) {
      try VectorDataset(reading: folder.path)
    }
  }

  // MARK: Writing

  static let pieces: [[[Int]]] = [
    [], [[]], [[60]], [[60, 64], [60, 64], [64], [], [], [21, 108], [21]], [[], [], [60], []],
    (0..<300).map { [21 + $0 % 88] },
  ]

  @Test(arguments: [1, 2, 4, 7, 12, 480, 960], [true, false])
  func whatIsWrittenIsRead(grid: Int, repeatsNotes: Bool) throws {
    for keys in Self.pieces {
      let bytes = MIDIFile.bytes(of: frames(keys), framesPerQuarter: grid, repeatsNotes: repeatsNotes)
      #expect(try read(bytes, grid: grid).arrays == [frames(keys)])
    }
  }

  static let midicsv = "/usr/bin/midicsv"
  static let csvmidi = "/usr/bin/csvmidi"

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: midicsv), "midicsv is not installed (apt-get install midicsv)"))
  func midicsvReadsWhatIsWritten() throws {
    let piece = frames([[60, 64], [60], [], [72]])
    let held = try FileTool.run(Self.midicsv, input: MIDIFile.bytes(of: piece, framesPerQuarter: 2, tempo: 120))
    #expect(
      held == """
        0, 0, Header, 0, 1, 480
        1, 0, Start_track
        1, 0, Tempo, 500000
        1, 0, Note_on_c, 0, 60, 80
        1, 0, Note_on_c, 0, 64, 80
        1, 240, Note_off_c, 0, 64, 0
        1, 480, Note_off_c, 0, 60, 0
        1, 720, Note_on_c, 0, 72, 80
        1, 960, Note_off_c, 0, 72, 0
        1, 960, End_track
        0, 0, End_of_file

        """)
    let struck = try FileTool.run(
      Self.midicsv, input: MIDIFile.bytes(of: piece, framesPerQuarter: 2, repeatsNotes: true))
    #expect(
      struck.split(separator: "\n").filter { $0.contains("Note_on_c, 0, 60") }.map { $0.prefix(7) } == [
        "1, 0, N", "1, 240,",
      ])
    // Silence that takes longer than the longest number of a MIDI file, 2^28 − 1 ticks.
    let rest = repeatElement([Double](repeating: 0, count: 88), count: 600_000)
    #expect(try FileTool.run(Self.midicsv, input: MIDIFile.bytes(of: rest)).contains("1, 288000000, End_track"))
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: csvmidi), "csvmidi is not installed (apt-get install midicsv)"))
  func whatCsvmidiWritesIsRead() throws {
    let text = """
      0, 0, Header, 1, 2, 480
      1, 0, Start_track
      1, 0, Title_t, "A piece"
      1, 0, Tempo, 500000
      1, 0, End_track
      2, 0, Start_track
      2, 0, Program_c, 3, 19
      2, 0, Note_on_c, 3, 60, 81
      2, 240, Note_on_c, 3, 64, 81
      2, 480, Note_on_c, 3, 60, 0
      2, 480, Pitch_bend_c, 3, 8192
      2, 960, Note_off_c, 3, 64, 0
      2, 960, Note_on_c, 9, 40, 81
      2, 1920, End_track
      0, 0, End_of_file

      """
    let bytes = try FileTool.bytes(Self.csvmidi, input: Array(text.utf8))
    #expect(try read(bytes).arrays == [frames([[60, 64], [64], [], []])])
    #expect(try read(bytes, grid: 2).arrays == [frames([[60], [60, 64], [64], [64], [], [], [], []])])
  }
}
