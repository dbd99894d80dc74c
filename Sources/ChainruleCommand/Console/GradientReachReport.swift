import Chainrule
import Foundation

/// How far gradients reach, for people and for programs.
struct GradientReachReport {
  let reach: GradientReach

  /// Norms in nats, and the same divided by that of lag 0; those of each layer, the lowest first, where there are several.
  var json: JSONObject {
    [
      "lags": reach.lags.map { lag -> JSONObject in
        let layers = zip(lag.layerNorms, lag.layerRelatives).map { ["norm": $0, "relative": $1] }
        return [
          "lag": lag.lag, "norm": lag.norm, "relative": lag.relative, "sequences": lag.windows,
          "layers": layers.count > 1 ? layers : nil,
        ]
      },
      "spectralRadius": reach.gates.map { gate -> JSONObject in
        ["layer": gate.layer, "gate": gate.gate, "radius": gate.spectralRadius]
      },
    ]
  }

  /// A row for each lag and layer, the lowest layer first.
  var table: [[String]] {
    [["lag", "sequences", "layer", "norm", "relative"]]
      + reach.lags.flatMap { lag in
        zip(lag.layerNorms, lag.layerRelatives).enumerated().map { layer, norms in
          ["\(lag.lag)", "\(lag.windows)", "\(layer)", "\(norms.0)", "\(norms.1)"]
        }
      }
  }

  var text: String {
    let below = max((reach.lags.first?.layerNorms.count ?? 1) - 1, 0)
    var table = Table(
      [("lag", .right), ("windows", .right), ("norm", .right), ("relative", .right)]
        + (0..<below).reversed().map { ("layer \($0)", .right) })
    for lag in reach.lags {
      table.add(
        [
          String(lag.lag), Numbers.count(lag.windows), Numbers.significant(lag.norm, 3),
          Numbers.significant(lag.relative, 3),
        ] + lag.layerRelatives.dropLast().reversed().map { Numbers.significant($0, 3) })
    }
    let radii = Dictionary(grouping: reach.gates, by: \.layer).sorted { $0.key < $1.key }.map { layer, gates in
      "  layer \(layer)  " + gates.map { "\($0.gate) \(Numbers.decimal($0.spectralRadius, 3))" }.joined(separator: "  ")
    }
    return "Gradients: ‖∂L(t)/∂h(t − lag)‖ of one step's nats, mean over windows"
      + (below > 0 ? "; norm and relative are the highest layer's" : "") + "\n" + table.text
      + "\nSpectral radius of W\n" + radii.joined(separator: "\n")
  }
}
