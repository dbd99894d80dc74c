import Experiments
import Sequences

/// Data against samples, in the pictures of sequence analysis (Gabadinho, Ritschard, Müller and Studer 2011).
enum SequenceSection {
  static func section(_ context: ReportContext<SymbolRows>) -> Section? {
    let models = context.shown.sampled.filter { !context.rows[$0].samples.isEmpty }
    guard !models.isEmpty, let pictures = SequencePictures(context, models) else { return nil }
    var groups = [
      FigureGroup(
        subtitle: "Index plots",
        remark: pictures.isCut
          ? "A line for each piece of \(SequencePictures.pieceLength) elements of a long sequence, a cell for each position."
          : "A line for each sequence, a cell for each position; sorted from the first element on.",
        layout: .four, legend: pictures.colours.legend, figures: pictures.groups.map(pictures.indexPlot))
    ]
    if !pictures.isCut {
      groups.append(
        FigureGroup(
          subtitle: "State distribution by position",
          remark: "The share of the sequences that have each symbol there; what is missing to the top has ended.",
          layout: .four, legend: pictures.colours.legend, figures: pictures.groups.map(pictures.statePlot)))
    }
    groups.append(
      FigureGroup(
        subtitle: pictures.isCut ? "Mean number of symbols" : "Mean number of symbols, and entropy",
        remark:
          "How often each symbol occurs in a \(pictures.isCut ? "piece" : "sequence"), in the mean; bars: 95\u{A0}% intervals of the "
          + "data's mean."
          + (pictures.isCut
            ? ""
            : " Entropy: that of the symbols at a position, among the sequences that reach it; as many sequences of the data as "
              + "of each model, so that its bias is the same."),
        legend: context.shown.legend(models, context.rows, withData: true),
        figures: [pictures.meanPlot] + (pictures.isCut ? [] : [pictures.entropyChart].compactMap { $0 })))
    let count = pictures.groups[0].sequences.count
    return Section(
      id: "sequences", title: "Data against samples",
      lead: [
        (pictures.isCut
          ? "\(Numbers.count(count, "piece")) of the test data, and as many of samples from each of the best models."
          : "\(Numbers.count(count, "test sequence")), and \(count == 1 ? "a sample" : "as many samples") from each of the best "
            + "models.")
          + (context.alphabet.size > SymbolColours.count
            ? " The \(SymbolColours.count) most frequent of \(Numbers.count(context.alphabet.size)) symbols have a colour."
            : "")
      ], groups: groups)
  }
}
