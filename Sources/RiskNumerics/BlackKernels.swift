internal import CKernels

/// The undiscounted formula of Black (1976) over columns.
///
/// sign is +1 for a call and −1 for a put. Standard deviations σ√T are taken within [1e-100, 100], so 0
/// gives the intrinsic value. Puts and calls come from their own terms, so a small value keeps its relative
/// accuracy, about 1e-16 × (d² + |d|/σ√T) with d the distance in deviations, as long as it is above about
/// 1e-307 of the forward; no value is negative. NaN in, NaN out.
/// Columns of a call have the same count; where they differ the shortest decides.
public enum BlackKernels {
  /// value = scale × Black(forward, strike, σ√T) of every element; forwards and strikes ≥ 0.
  public static func values(
    forward: Span<Double>, strike: Span<Double>, standardDeviation: Span<Double>, sign: Span<Double>,
    scale: Span<Double>, into value: inout MutableSpan<Double>
  ) {
    let count = min(
      min(forward.count, strike.count, standardDeviation.count), min(sign.count, scale.count, value.count))
    unsafe forward.withUnsafeBufferPointer { forward in
      unsafe strike.withUnsafeBufferPointer { strike in
        unsafe standardDeviation.withUnsafeBufferPointer { deviation in
          unsafe sign.withUnsafeBufferPointer { sign in
            unsafe scale.withUnsafeBufferPointer { scale in
              unsafe value.withUnsafeMutableBufferPointer { value in
                guard let f = forward.baseAddress, let k = strike.baseAddress,
                  let d = deviation.baseAddress, let w = sign.baseAddress,
                  let s = scale.baseAddress, let y = value.baseAddress
                else { return }
                unsafe ck_black(count, f, k, d, w, s, y)
              }
            }
          }
        }
      }
    }
  }

  /// One option under many multipliers of its forward: scale × Black(forward × eˣ, strike, σ√T) − less.
  ///
  /// logMultiplier holds x, multiplier eˣ (given, so that it is computed once per path and not once per
  /// option). Differs from `values` of the moved forward by rounding only, not in the same bits.
  public static func path(
    logMultiplier: Span<Double>, multiplier: Span<Double>, forward: Double, strike: Double,
    standardDeviation: Double, sign: Double, scale: Double, less: Double = 0,
    into value: inout MutableSpan<Double>
  ) {
    let count = min(logMultiplier.count, multiplier.count, value.count)
    unsafe logMultiplier.withUnsafeBufferPointer { x in
      unsafe multiplier.withUnsafeBufferPointer { m in
        unsafe value.withUnsafeMutableBufferPointer { value in
          guard let x = x.baseAddress, let m = m.baseAddress, let y = value.baseAddress else { return }
          unsafe ck_path(count, x, m, forward, strike, standardDeviation, sign, scale, less, y)
        }
      }
    }
  }

  /// `path` under a standard deviation of its own on each path: scale × Black(forward × eˣ, strike, σ√T of the path).
  ///
  /// Equal deviations give the values of `path` within rounding, not in the same bits.
  public static func path(
    logMultiplier: Span<Double>, multiplier: Span<Double>, standardDeviation: Span<Double>, forward: Double,
    strike: Double, sign: Double, scale: Double, into value: inout MutableSpan<Double>
  ) {
    let count = min(min(logMultiplier.count, multiplier.count), min(standardDeviation.count, value.count))
    unsafe logMultiplier.withUnsafeBufferPointer { x in
      unsafe multiplier.withUnsafeBufferPointer { m in
        unsafe standardDeviation.withUnsafeBufferPointer { deviation in
          unsafe value.withUnsafeMutableBufferPointer { value in
            guard let x = x.baseAddress, let m = m.baseAddress, let d = deviation.baseAddress,
              let y = value.baseAddress
            else { return }
            unsafe ck_moving(count, x, m, d, forward, strike, sign, scale, y)
          }
        }
      }
    }
  }

  /// Value and first Greeks: ∂V/∂F, ∂²V/∂F², ∂V/∂σ and −∂V/∂T at fixed forward, undiscounted, per unit.
  ///
  /// timeToExpiry in years ≥ 0, volatility per √year ≥ 0. Where σ√T = 0, gamma and theta are 0.
  public static func greeks(
    forward: Span<Double>, strike: Span<Double>, timeToExpiry: Span<Double>, volatility: Span<Double>,
    sign: Span<Double>, price: inout MutableSpan<Double>, delta: inout MutableSpan<Double>,
    gamma: inout MutableSpan<Double>, vega: inout MutableSpan<Double>, theta: inout MutableSpan<Double>
  ) {
    let inputs = min(
      min(forward.count, strike.count, timeToExpiry.count), min(volatility.count, sign.count))
    let outputs = min(min(price.count, delta.count, gamma.count), min(vega.count, theta.count))
    let count = min(inputs, outputs)
    unsafe forward.withUnsafeBufferPointer { f in
      unsafe strike.withUnsafeBufferPointer { k in
        unsafe timeToExpiry.withUnsafeBufferPointer { t in
          unsafe volatility.withUnsafeBufferPointer { v in
            unsafe sign.withUnsafeBufferPointer { w in
              unsafe price.withUnsafeMutableBufferPointer { price in
                unsafe delta.withUnsafeMutableBufferPointer { delta in
                  unsafe gamma.withUnsafeMutableBufferPointer { gamma in
                    unsafe vega.withUnsafeMutableBufferPointer { vega in
                      unsafe theta.withUnsafeMutableBufferPointer { theta in
                        guard let f = f.baseAddress, let k = k.baseAddress, let t = t.baseAddress,
                          let v = v.baseAddress, let w = w.baseAddress,
                          let price = price.baseAddress, let delta = delta.baseAddress,
                          let gamma = gamma.baseAddress, let vega = vega.baseAddress,
                          let theta = theta.baseAddress
                        else { return }
                        unsafe ck_greeks(count, f, k, t, v, w, price, delta, gamma, vega, theta)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
