// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 language mode, warnings are errors.
let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// Tests that compute little themselves are not optimised in a release build, which takes less time so; what they test is.
let tests: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let package = Package(
  name: "Chainrule",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Chainrule", targets: ["Chainrule"]),
    .executable(name: "chainrule", targets: ["ChainruleCommand"]),
    // The C interface as a shared library, for other languages.
    .library(name: "ChainruleC", type: .dynamic, targets: ["CInterface"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The libraries of others, as modules.
    .systemLibrary(name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Arithmetic over arrays, a clone for each instruction set.
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    // The handler of Ctrl-C, which may do next to nothing.
    .target(name: "CInterruption", cSettings: [.treatAllWarnings(as: .error)]),
    // From here on, bottom to top: a target imports only those above it in this list.
    .target(name: "Support", swiftSettings: strict),
    .target(name: "Probability", dependencies: ["CGSL", "Support"], swiftSettings: strict),
    .target(name: "Sequences", dependencies: ["Probability", "CZlib", "Support"], swiftSettings: strict),
    // Regular expressions over symbols, as automata.
    .target(name: "Patterns", dependencies: ["Sequences", "Support"], swiftSettings: strict),
    .target(
      name: "GraphicalModel", dependencies: ["Support", .product(name: "BigInt", package: "BigInt")],
      swiftSettings: strict),
    .target(
      name: "ModelCore",
      dependencies: [
        "Support", "Probability", "Sequences", "GraphicalModel", .product(name: "BigInt", package: "BigInt"),
      ],
      swiftSettings: strict),
    .target(
      name: "Lengths", dependencies: ["ModelCore", .product(name: "BigInt", package: "BigInt")], swiftSettings: strict),
    .target(name: "Automata", dependencies: ["ModelCore"], swiftSettings: strict),
    // Distributions of vectors: of real numbers, bits and counts.
    .target(name: "Emissions", dependencies: ["ModelCore", "CKernels"], swiftSettings: strict),
    // Regressions on the last k vectors.
    .target(name: "Autoregression", dependencies: ["ModelCore", "Emissions"], swiftSettings: strict),
    .target(
      name: "ContextModels",
      dependencies: [
        "ModelCore", "Lengths", "Automata", "Autoregression", "CKernels", .product(name: "BigInt", package: "BigInt"),
      ],
      swiftSettings: strict),
    .target(name: "Networks", dependencies: ["ModelCore", "Emissions", "CKernels"], swiftSettings: strict),
    // Processes with known probabilities, which make artificial data.
    .target(name: "Generators", dependencies: ["ModelCore", "Lengths"], swiftSettings: strict),
    // All families, and the registry of their names.
    .target(
      name: "Models",
      dependencies: ["Lengths", "Emissions", "Autoregression", "ContextModels", "Networks", "Generators"],
      swiftSettings: strict),
    .target(
      name: "Inference",
      dependencies: [
        "ModelCore", "Automata", "Patterns", .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(name: "Experiments", dependencies: ["Inference", "Models"], swiftSettings: strict),
    .target(
      name: "Chainrule",
      dependencies: ["Probability", "Sequences", "Patterns", "GraphicalModel", "Models", "Inference", "Experiments"],
      swiftSettings: strict),
    // Experiments written in YAML, and their results in SQLite: for the program, not for every user of the library.
    .target(
      name: "Runs",
      dependencies: [
        "Experiments", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    // Comparisons as pages for a browser.
    .target(
      name: "Reports",
      dependencies: [
        "Experiments", "GraphicalModel", .product(name: "BigInt", package: "BigInt"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ChainruleCommand",
      dependencies: [
        "Chainrule", "Runs", "Reports", "CInterruption", "Support",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "BigInt", package: "BigInt"),
      ],
      swiftSettings: strict),
    // The C interface: its header, and what stands behind it.
    .target(name: "CChainrule", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CInterface", dependencies: ["CChainrule", "Chainrule"], swiftSettings: strict),
    .testTarget(name: "ProbabilityTests", dependencies: ["Probability"], swiftSettings: strict),
    .testTarget(
      name: "GraphicalModelTests",
      dependencies: ["GraphicalModel", "Models", .product(name: "BigInt", package: "BigInt")], swiftSettings: tests),
    .testTarget(name: "SequencesTests", dependencies: ["Sequences", "Support"], swiftSettings: tests),
    .testTarget(name: "PatternsTests", dependencies: ["Patterns", "Probability"], swiftSettings: strict),
    // Runs the programs, which are built because this depends on them.
    .testTarget(
      name: "ChainruleCommandTests", dependencies: ["ChainruleCommand", "SummaryProcess", "Chainrule"],
      swiftSettings: tests),
    .executableTarget(
      name: "SummaryProcess", dependencies: ["Chainrule"], path: "Tests/SummaryProcess", swiftSettings: strict),
    // Measures, each with its own README.
    .executableTarget(
      name: "ReadingBenchmark", dependencies: ["Sequences"], path: "Benchmarks/reading",
      exclude: ["README.md", "run.sh"],
      swiftSettings: strict),
    .executableTarget(
      name: "CountingBenchmark", dependencies: ["Inference", "Models"], path: "Benchmarks/counting",
      exclude: ["README.md", "run.sh"], swiftSettings: strict),
    .executableTarget(
      name: "ParticleBenchmark", dependencies: ["Chainrule"], path: "Benchmarks/particles",
      exclude: ["README.md", "run.sh"], swiftSettings: strict),
    .executableTarget(
      name: "TrainingBenchmark", dependencies: ["Models", "CGSL"], path: "Benchmarks/training",
      exclude: ["README.md", "pytorch.py", "run.sh"], swiftSettings: strict),
    .executableTarget(
      name: "SamplingBenchmark", dependencies: ["Inference", "Models"], path: "Benchmarks/sampling",
      exclude: ["README.md", "pytorch.py", "run.sh"], swiftSettings: strict),
    .executableTarget(
      name: "GraphBenchmark", dependencies: ["Models"], path: "Benchmarks/graph", exclude: ["README.md", "run.sh"],
      swiftSettings: strict),
    .executableTarget(
      name: "ProductBenchmark", dependencies: ["Probability", "CKernels", "CGSL"], path: "Benchmarks/product",
      exclude: ["README.md", "run.sh"], swiftSettings: strict),
    .testTarget(
      name: "ModelsTests", dependencies: ["Models", "CKernels", .product(name: "BigInt", package: "BigInt")],
      swiftSettings: strict),
    .testTarget(name: "AutoregressionTests", dependencies: ["Models", "Inference"], swiftSettings: strict),
    .testTarget(name: "EmissionTests", dependencies: ["Emissions"], swiftSettings: strict),
    .testTarget(
      name: "InferenceTests", dependencies: ["Inference", "Experiments", "GraphicalModel"], swiftSettings: strict),
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments"], swiftSettings: tests),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "Experiments"], swiftSettings: tests),
  ]
)
