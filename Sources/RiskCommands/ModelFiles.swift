import CommandLineKit
import MarginModels
import MarketModel
import Plimsoll
import RiskDocuments
import SystemFiles

/// The margin models that `--model-file` adds to a run.
struct ModelFiles {
  let definitions: [ModelDefinition]
  /// Of every file, in the order given.
  let digests: [InputDigest]

  /// Reads the files that the line names, and holds each against the model it is based on.
  init(_ line: Invocation) throws(CommandError) {
    var definitions: [ModelDefinition] = []
    var digests: [InputDigest] = []
    for path in line(CommonOptions.modelFiles) {
      let bytes: [UInt8]
      do throws(FileError) { bytes = try FileReader.bytes(of: path) } catch {
        throw CommandError(reading: error)
      }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      do throws(DocumentError) {
        definitions.append(try ModelFileReader.read(.init(name: name, bytes: bytes)))
      } catch { throw .stop(status: error.exitCode, message: error.sentence) }
      digests.append(InputDigest(name: name, sha256: SHA256.hexadecimal(bytes)))
    }
    do throws(MarginError) { _ = try ModelLibrary(adding: definitions) } catch {
      throw CommandError(EngineError(error))
    }
    self.definitions = definitions
    self.digests = digests
  }
}
