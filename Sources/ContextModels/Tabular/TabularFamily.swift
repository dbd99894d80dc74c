import GraphicalModel
import ModelCore
import Sequences

/// `tabular`: the chain rule without any assumption, one distribution for each full history.
package struct TabularFamily: SummarisingFamily {
  package static let name = "tabular"
  package static let leadingOption: String? = nil
  package static let examples = ["tabular:smoothing=ml", "tabular:smoothing=add:0.5"]
  package static let summary = "one distribution for each full history (smoothing=ml or add:α)"

  /// α added to each count; 0 is maximum likelihood.
  package let added: Double
  private static let defaultAdded = 1.0

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let text = options.text("smoothing") else {
      added = Self.defaultAdded
      return
    }
    let smoother = try registry.smoother(text)
    switch smoother {
    case is MaximumLikelihood: added = 0
    case let additive as Additive where additive.added != nil: added = additive.added ?? Self.defaultAdded
    default:
      throw SpecificationError.refused(
        model: "tabular:smoothing=\(text)",
        reason: "a full history has no shorter one to fall back on; use smoothing=ml or smoothing=add:α")
    }
  }

  package func word(complete: Bool) -> String {
    let smoothing: any Smoother = added == 0 ? MaximumLikelihood() : Additive(added)
    return modelWord(Self.name, [("smoothing", smoothing.word, added == Self.defaultAdded)], complete: complete)
  }

  package var isUnsmoothed: Bool { added == 0 }
  package var usesValidation: Bool { false }
  /// Every earlier element is a parent.
  package func template(_ shape: OutputShape) -> DirectedTemplate { shape.tableTemplate(past: .everyEarlier) }

  package func summarise(_ part: SequenceSet, _ shape: OutputShape, _ context: FittingContext) -> PrefixTable {
    PrefixTable(part, shape)
  }

  package func finish(
    _ sums: consuming PrefixTable, valid: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) -> any Conditional {
    TabularConditional(shape: shape, table: sums, added: added)
  }

  package func write(_ sums: PrefixTable, to file: inout TensorFile) { sums.write(to: &file) }

  package func sums(from file: TensorFile, _ shape: OutputShape) throws -> PrefixTable {
    let table = try PrefixTable(from: file, shape)
    // So that sums of many do not overflow.
    guard table.visits[0] < 1 << 48 else { throw ModelFileError.inconsistent("table.visits is too large") }
    return table
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    ["table.labels": nil, "table.children": nil, "table.visits": nil, "table.ends": nil]
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    TabularConditional(shape: shape, table: try PrefixTable(from: file, shape), added: added)
  }
}
