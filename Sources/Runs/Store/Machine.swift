import Foundation

/// The machine that a run ran on.
package enum Machine {
  /// Processor, its cores and the system, such as "AMD EPYC 9354, 2 cores, Linux".
  package static let description: String = {
    let file = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = file.split(separator: "\n").first { $0.hasPrefix("model name") }
    let processor = line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    let cores = ProcessInfo.processInfo.activeProcessorCount
    #if os(Linux)
      let system = "Linux"
    #else
      let system = "macOS"
    #endif
    return "\(processor ?? "unknown processor"), \(cores) core\(cores == 1 ? "" : "s"), \(system)"
  }()
}
