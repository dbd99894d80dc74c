// swift-tools-version: 6.2
import PackageDescription

/// A program of its own that depends on the library: the least there is to write, and a model family of its own.
/// `make library` builds and runs it.
let package = Package(
  name: "Library",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Chainrule", path: "../..")],
  targets: [
    .executableTarget(
      name: "Library", dependencies: [.product(name: "Chainrule", package: "Chainrule")], path: ".",
      sources: ["main.swift", "TenLines.swift", "OwnFamily.swift", "Repeating.swift"])
  ]
)
