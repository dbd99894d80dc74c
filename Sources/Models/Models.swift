// All families with what they stand on: `import Models` gives the models without inference.
@_exported import Automata
@_exported import ContextModels
@_exported import Emissions
@_exported import Generators
@_exported import Lengths
@_exported import ModelCore
@_exported import Networks
