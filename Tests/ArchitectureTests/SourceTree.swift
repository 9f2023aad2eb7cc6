import Foundation

/// One text file of the package, by its path from the package's root.
struct SourceFile {
  let path: String
  let bytes: [UInt8]

  /// The folder under `Sources` or `Tests` that holds it, which is its target's name.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }
}

/// The files of the package as they lie on disk, found from the place of this very file.
enum SourceTree {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Files under some folders with some endings, in byte order of their paths.
  static func files(under folders: [String], endings: [String]) -> [SourceFile] {
    var files: [SourceFile] = []
    for folder in folders {
      let top = root.appending(path: folder)
      let walker = FileManager.default.enumerator(atPath: top.path(percentEncoded: false))
      while let inner = walker?.nextObject() as? String {
        guard endings.contains((inner as NSString).pathExtension), !inner.contains(".build") else { continue }
        guard let data = try? Data(contentsOf: top.appending(path: inner)) else { continue }
        files.append(SourceFile(path: "\(folder)/\(inner)", bytes: Array(data)))
      }
    }
    return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  /// One file, empty where it is missing.
  static func file(_ path: String) -> SourceFile {
    let data = (try? Data(contentsOf: root.appending(path: path))) ?? Data()
    return SourceFile(path: path, bytes: Array(data))
  }

  /// The folders directly under `Sources`, in byte order.
  static func sourceFolders() -> [String] {
    let sources = root.appending(path: "Sources").path(percentEncoded: false)
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []
    return folders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The Swift files of `Sources`.
  static var swiftSources: [SourceFile] { files(under: ["Sources"], endings: ["swift"]) }
}
