import Chainrule
import Foundation

/// How far gradients reach, for people and for machines.
struct GradientReachReport: Encodable {
  struct Lag: Encodable {
    var lag: Int
    /// Of the highest layer, in nats.
    var norm: Double
    var relative: Double
    /// Windows that are long enough.
    var sequences: Int
    /// Of each layer, the lowest first; only where there are several.
    var layers: [Layer]?
  }

  struct Layer: Encodable {
    var norm: Double
    var relative: Double
  }

  struct Radius: Encodable {
    var layer: Int
    var gate: String
    var radius: Double
  }

  var lags: [Lag]
  var spectralRadius: [Radius]

  init(_ reach: GradientReach) {
    lags = reach.lags.map { lag in
      let layers = zip(lag.layerNorms, lag.layerRelatives).map { Layer(norm: $0, relative: $1) }
      return Lag(
        lag: lag.lag, norm: lag.norm, relative: lag.relative, sequences: lag.windows,
        layers: layers.count > 1 ? layers : nil)
    }
    spectralRadius = reach.gates.map { Radius(layer: $0.layer, gate: $0.gate, radius: $0.spectralRadius) }
  }

  var text: String {
    let below = max((lags.first?.layers?.count ?? 1) - 1, 0)
    var table = Table(
      [("lag", .right), ("windows", .right), ("norm", .right), ("relative", .right)]
        + (0..<below).reversed().map { ("layer \($0)", .right) })
    for lag in lags {
      let lower = (lag.layers ?? []).dropLast().reversed().map { Numbers.significant($0.relative, 3) }
      table.add(
        [
          String(lag.lag), Numbers.count(lag.sequences), Numbers.significant(lag.norm, 3),
          Numbers.significant(lag.relative, 3),
        ] + lower)
    }
    let radii = Dictionary(grouping: spectralRadius, by: \.layer).sorted { $0.key < $1.key }.map { layer, gates in
      "  layer \(layer)  " + gates.map { "\($0.gate) \(Numbers.decimal($0.radius, 3))" }.joined(separator: "  ")
    }
    return "Gradients: ‖∂L(t)/∂h(t − lag)‖ of one step's nats, mean over windows"
      + (below > 0 ? "; norm and relative are the highest layer's" : "") + "\n" + table.text
      + "\nSpectral radius of W\n" + radii.joined(separator: "\n")
  }

}
