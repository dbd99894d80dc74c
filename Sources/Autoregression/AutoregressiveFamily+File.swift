import Emissions
import ModelCore
import Probability
import Sequences

extension RegressionPredictor {
  /// The last regression is `regression.…`, those of the first steps `start.j.…`; a matrix of weights has a row for
  /// each regressor, in the order of `Regressors`.
  func write(to file: inout TensorFile) {
    for (number, stage) in stages.enumerated() {
      let name = AutoregressiveFamily.stageName(number, of: stages.count)
      file.set("\(name).weight", stage.weights, shape: [stage.regressors.count, shape.encodedWidth])
      if !stage.constants.isEmpty { file.set("\(name).scale", stage.constants, shape: [stage.constants.count]) }
    }
    if let stop { file.set("stop.weight", stop.weights, shape: [stop.weights.count]) }
    coding.elements.write(to: &file, named: "elements")
    if shape.inputWidth > 0 { coding.inputs.write(to: &file, named: "inputs") }
    if shape.hasLengthInput { file.set("length.longest", counts: [coding.longestLabel]) }
    if stages.count > 1 { file.set("start.shared", counts: (0..<order).map { sharing.contains($0) ? 1 : 0 }) }
    file.set("ridge", [ridges.elements, ridges.stop], shape: [2])
  }
}

extension AutoregressiveFamily {
  fileprivate static func stageName(_ number: Int, of count: Int) -> String {
    number == count - 1 ? "regression" : "start.\(number)"
  }

  package func tensorSizes(_ shape: OutputShape) -> [String: Int?] {
    guard let emission else { return [:] }
    let (width, stages) = (shape.vectorWidth, regressors(shape))
    var sizes: [String: Int?] = [
      "elements.means": width, "elements.scales": width, "inputs.means": shape.inputWidth,
      "inputs.scales": shape.inputWidth, "length.longest": 1, "ridge": 2,
      "start.shared": start == .own ? order : 0,
      "emission.weight": emission.weights(shape), "stop.weight": stopRegressors(shape)?.count ?? 0,
    ]
    for (number, regressors) in stages.enumerated() {
      let name = Self.stageName(number, of: stages.count)
      sizes["\(name).weight"] = regressors.count * shape.encodedWidth
      sizes["\(name).scale"] = emission.constants(width: width)
    }
    return sizes
  }

  package func process(from file: TensorFile, _ shape: OutputShape) throws -> any SequenceProcess {
    guard let emission, parameters(shape) < 1 << 31 else {
      throw ModelFileError.inconsistent("\(word(complete: false)) would be absurdly large")
    }
    let width = shape.vectorWidth
    func numbers(_ name: String, _ shape: [Int]) throws -> [Double] {
      if shape.contains(0) { return [] }
      let numbers = try file.doubles(name, shape: shape)
      guard numbers.allSatisfy({ abs($0) <= RegressorCoding.largest }) else {
        throw ModelFileError.inconsistent("\(name) holds an enormous number")
      }
      return numbers
    }
    let coding = RegressorCoding(
      values: shape.values, elements: try Standardisation(from: file, named: "elements", width: width),
      inputs: try shape.inputWidth > 0
        ? Standardisation(from: file, named: "inputs", width: shape.inputWidth) : .none(width: 0),
      longestLabel: try shape.hasLengthInput ? file.counts("length.longest", count: 1)[0] : 0)
    guard emission.values == .reals || coding.elements == .none(width: width) else {
      throw ModelFileError.inconsistent("its \(shape.values.name) are standardised")
    }
    let layouts = regressors(shape)
    let stages = try layouts.enumerated().map { number, regressors in
      let name = Self.stageName(number, of: layouts.count)
      return SharedRegression(
        regressors: regressors, weights: try numbers("\(name).weight", [regressors.count, shape.encodedWidth]),
        constants: try numbers("\(name).scale", [emission.constants(width: width)]))
    }
    let ridges = try numbers("ridge", [2])
    let isShared = try stages.count == 1 ? [] : file.counts("start.shared", count: stages.count - 1)
    guard isShared.allSatisfy({ $0 <= 1 }) else {
      throw ModelFileError.inconsistent("start.shared holds numbers other than 0 and 1")
    }
    return self.process(
      shape, coding, emission, stages,
      weights: try numbers("emission.weight", [emission.weights(shape)]),
      stop: try stopRegressors(shape).map { try numbers("stop.weight", [$0.count]) },
      ridges: (ridges[0], ridges[1]), try emission.emission(levels: shape.levels),
      sharing: isShared.indices.filter { isShared[$0] > 0 })
  }
}
