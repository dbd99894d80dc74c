import Foundation

guard CommandLine.arguments.count == 2 else {
  print("usage: Library FILE")
  exit(64)
}
let names = CommandLine.arguments[1]
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chainrule-library-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
try tenLines(names, model: folder.appendingPathComponent("ten-lines.safetensors").path)
try ownFamily(names, model: folder.appendingPathComponent("own-family.safetensors").path)
