public import Foundation

/// The folder of reference cases and real data that lies beside a checkout; tests skip where it is absent.
public enum SharedFolder {
  /// `PLIMSOLL_SHARED`, else the first `shared/data` found beside a parent of this file.
  public static let url: URL? = {
    let manager = FileManager.default
    if let path = ProcessInfo.processInfo.environment["PLIMSOLL_SHARED"] {
      return manager.fileExists(atPath: path) ? URL(fileURLWithPath: path) : nil
    }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared")
      if manager.fileExists(atPath: candidate.appendingPathComponent("data").path) { return candidate }
    }
    return nil
  }()

  /// The bytes of a file, nil (and a line on the console) where it is absent.
  public static func read(_ path: String) -> Data? {
    guard let url, let data = try? Data(contentsOf: url.appendingPathComponent(path)) else {
      print("skipped: shared/\(path) is not here")
      return nil
    }
    return data
  }

  /// The unpacked bytes of a gzip file, nil where it or gzip is absent.
  public static func readGzip(_ path: String) -> Data? {
    guard let url, FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path) else {
      print("skipped: shared/\(path) is not here")
      return nil
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
    process.arguments = ["-dc", url.appendingPathComponent(path).path]
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else {
      print("skipped: gzip is not here")
      return nil
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data.isEmpty ? nil : data
  }

  /// The names of the files of a folder, sorted; empty where it is absent.
  public static func list(_ path: String) -> [String] {
    guard let url,
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: url.appendingPathComponent(path).path)
    else {
      print("skipped: shared/\(path) is not here")
      return []
    }
    return names.sorted()
  }
}
