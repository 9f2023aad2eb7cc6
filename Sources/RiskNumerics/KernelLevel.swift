internal import CKernels

/// The instruction set the column kernels run on.
///
/// Results have the same bits at every level.
public enum KernelLevel: String, CaseIterable, Sendable {
  /// Any machine; fused multiply-adds come from the C library: slow.
  case baseline
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, DQ and VL.
  case avx512

  private var code: Int32 {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  private init(code: Int32) {
    self = code == 2 ? .avx512 : code == 1 ? .avx2 : .baseline
  }

  /// The widest level of this processor.
  public static var best: KernelLevel { KernelLevel(code: ck_best_level()) }

  /// The level in force: the best one until `select` says otherwise.
  public static var current: KernelLevel { KernelLevel(code: ck_level()) }

  /// Puts a level in force for the whole process; false, with nothing changed, if the processor lacks it.
  @discardableResult
  public static func select(_ level: KernelLevel) -> Bool { ck_select_level(level.code) == 1 }
}
