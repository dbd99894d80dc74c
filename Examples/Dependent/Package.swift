// swift-tools-version: 6.2
import PackageDescription

/// A program of its own that depends on the library: the least there is to write. `make dependent` builds and runs it.
let package = Package(
  name: "Dependent",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Chainrule", path: "../..")],
  targets: [
    .executableTarget(
      name: "Dependent", dependencies: [.product(name: "Chainrule", package: "Chainrule")], path: ".",
      sources: ["main.swift", "Repeating.swift"])
  ]
)
