// The umbrella: `import Chainrule` gives the library whole.
@_exported import Experiments
@_exported import GraphicalModel
@_exported import Inference
@_exported import Models
@_exported import Patterns
@_exported import Probability
@_exported import Sequences
