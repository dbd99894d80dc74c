import ModelCore

/// The distributions of the length of this package. A new one is one new file and one line here.
package let standardPriors: [any LengthPriorKind.Type] = [
  LengthTable.self,
  UnsmoothedLengthTable.self,
  PoissonLengths.self,
  NegativeBinomialLengths.self,
  GeometricLengths.self,
  LearnedLengths.self,
]
