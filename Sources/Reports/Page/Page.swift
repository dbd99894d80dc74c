/// What a page shows, as the template reads it. A name that is missing in one part is looked up in the part around it: what
/// may be missing has a name of its own.
struct Page {
  let title: String
  /// What the data are.
  let facts: String
  let summary: [String]
  let sections: [Section]
  let version: String
  let styleSheet = StyleSheet.text
  let script = Script.text
}

/// A part of the page under a heading.
struct Section {
  let id: String
  let title: String
  var lead: [String] = []
  var models: ModelTable?
  var groups: [FigureGroup] = []
  var samples: [SampleColumn] = []
  var notes: [String] = []
  var terms: [Term] = []
  var files: DataTable?
  var code: [Code] = []
}

/// Figures with one legend.
struct FigureGroup {
  /// How the figures are laid out on wide screens: a class of the style sheet.
  enum Layout: String {
    /// Rows of three.
    case rows
    /// Rows of four.
    case four
    /// Columns of figures of different heights.
    case columns
  }

  var subtitle: String?
  var remark: String?
  var layout = Layout.rows
  var legend: [LegendKey] = []
  var figures: [Figure]
}

/// A sample of a line, point or colour, and what it means.
struct LegendKey {
  /// In a box of 26 by 12.
  let markup: String
  let text: String
}

/// A chart with its text and its figures.
struct Figure {
  /// A drawing in a size of its own.
  struct View {
    let width: String
    let height: String
    let elements: String
    /// The largest width on the screen, in pixels.
    let limit: String

    /// - Parameter growth: how much larger than its own size it may be.
    init(_ canvas: Canvas, growth: Double) {
      (width, height) = (Canvas.number(canvas.width), Canvas.number(canvas.height))
      limit = Canvas.number((canvas.width * growth).rounded())
      elements = canvas.elements
    }
  }

  var number = 0
  let title: String
  /// What there is to see, for those who cannot.
  let description: String
  let view: View
  /// The same for narrow screens, where one drawing does not suit both.
  var narrow: View?
  var table: DataTable?
  /// Text in place of a table.
  var words: String?

  init(_ title: String, _ description: String, _ canvas: Canvas, table: DataTable? = nil, words: String? = nil) {
    (self.title, self.description) = (title, description)
    (self.table, self.words) = (table, words)
    view = View(canvas, growth: 1.15)
  }

  /// A figure as wide as the page, with another drawing for narrow screens.
  init(_ title: String, _ description: String, wide: Canvas, narrow: Canvas, table: DataTable? = nil) {
    (self.title, self.description, self.table) = (title, description, table)
    view = View(wide, growth: 1.1)
    self.narrow = View(narrow, growth: 1.25)
  }
}

/// A plain table; the first column names the rows.
struct DataTable {
  struct Row {
    let name: String
    let cells: [String]
  }

  let head: [String]
  let rows: [Row]

  init(head: [String], rows: [[String]]) {
    self.head = head
    self.rows = rows.map { Row(name: $0.first ?? "", cells: Array($0.dropFirst())) }
  }
}

/// The table of models.
struct ModelTable {
  struct Column {
    let title: String
    let isNumber: Bool
  }

  struct Cell {
    let text: String
    /// What rows are sorted by.
    let order: String
  }

  struct Row {
    let name: String
    let badges: [String]
    let isChosen: Bool
    let cells: [Cell]
  }

  let columns: [Column]
  let rows: [Row]
}

/// Sequences of one source.
struct SampleColumn {
  struct Item {
    let text: String
    let isEmpty: Bool
  }

  let name: String
  let items: [Item]
}

/// A term and what it means.
struct Term {
  let name: String
  let meaning: String
}

/// Text that is shown as it is.
struct Code {
  let title: String
  let text: String
}
