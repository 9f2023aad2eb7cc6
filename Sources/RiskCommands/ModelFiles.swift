import CommandLineKit
import MarginModels
import MarketModel
import Plimsoll
import RiskDocuments

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
      let member = try BookLoader.loadFile(path)
      do throws(DocumentError) {
        definitions.append(try ModelFileReader.read(member))
      } catch { throw .stop(status: error.exitCode, message: error.sentence) }
      digests.append(InputDigest(member))
    }
    do throws(MarginError) { _ = try ModelLibrary(adding: definitions) } catch {
      throw CommandError(EngineError(error))
    }
    self.definitions = definitions
    self.digests = digests
  }
}
