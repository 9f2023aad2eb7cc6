"""Writes the tables of Tests/RiskNumericsTests: values in 60-digit arithmetic, rounded once.

Arguments are exact doubles, printed in hexadecimal. Needs mpmath; takes a few seconds:
    python3 notebooks-data/reference/elementary.py > Tests/RiskNumericsTests/ElementaryReference.swift
    python3 notebooks-data/reference/elementary.py black > Tests/RiskNumericsTests/ElementaryReference+Black.swift
"""
import io
import random
import struct
import sys
import mpmath as mp

mp.mp.dps = 60
random.seed(20240607)


def cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def quantile(p):
    """Newton on ln N, from the asymptotic start, for p <= 1/2; mirrored above."""
    if p > mp.mpf(1) / 2:
        return -quantile(1 - p)
    if p == mp.mpf(1) / 2:
        return mp.mpf(0)
    x = -mp.sqrt(2) * mp.erfinv(1 - 2 * p) if p > mp.mpf("1e-12") else -mp.sqrt(-2 * mp.log(p))
    for _ in range(80):
        n = cdf(x)
        step = (mp.log(n) - mp.log(p)) * n * mp.sqrt(2 * mp.pi) * mp.exp(x * x / 2)
        x -= step
        if abs(step) < mp.mpf(10)**-50:
            break
    return x


def text(x):
    """Hexadecimal, or the bit pattern of a subnormal, whose literal Swift refuses."""
    x = float(x)
    if x != 0 and abs(x) < 2.0**-1022:
        return f"Double(bitPattern: {struct.unpack('>Q', struct.pack('>d', x))[0]:#x})"
    return x.hex()


def emit(name, rows, note):
    print(f"\n  /// {note}.")
    print(f"  static let {name}: [[Double]] = [")
    for row in rows:
        print("    [" + ", ".join(text(v) for v in row) + "],")
    print("  ]")


def arguments(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def black(f, k, s, w):
    """Value of Black's formula by the integral of the density: no cancellation in the tails."""
    f, k, s, w = (mp.mpf(v) for v in (f, k, s, w))
    d1 = mp.log(f / k) / s + s / 2
    mp.mp.dps = 400
    v = w * (f * cdf(w * d1) - k * cdf(w * (d1 - s)))
    mp.mp.dps = 60
    return +v


def greeks(f, k, t, vol, w):
    f, k, t, vol, w = (mp.mpf(v) for v in (f, k, t, vol, w))
    s = vol * mp.sqrt(t)
    d1 = mp.log(f / k) / s + s / 2
    n = mp.exp(-d1 * d1 / 2) / mp.sqrt(2 * mp.pi)
    return [black(f, k, s, w), w * cdf(w * d1), n / (f * s), f * n * mp.sqrt(t), -f * n * vol / (2 * mp.sqrt(t))]


def begin(head):
    print("// Written by notebooks-data/reference/elementary.py; do not edit.\n// swift-format-ignore-file")
    print("\n/// Values in 60-digit arithmetic, rounded to the nearest double.")
    print(head, end="")


# Two files: `elementary.py` prints the functions of one number, `elementary.py black` Black's formula.
sink, sys.stdout = sys.stdout, io.StringIO()
begin("enum ElementaryReference {")
xs = [0.0, 1.0, -1.0, 1e-20, -1e-10, 709.78, -708.5, -720.25, -744.5, -745.13] + arguments(-745, 709, 40) + arguments(-2, 2, 30)
emit("exponential", [(x, mp.exp(mp.mpf(x))) for x in xs], "x, exp x")
xs = [1.0, 2.0, 5e-324, 3e-310, 2.2250738585072014e-308, 1.7976931348623157e308, 0.9999999999999999, 1.0000000000000002, 0.75, 1.5]
xs += [10**e for e in arguments(-308, 308, 40)] + arguments(0.5, 2, 30)
emit("logarithm", [(x, mp.log(mp.mpf(x))) for x in xs], "x, log x")
xs = [1e-300, -1e-18, 1e-9, -1e-5, 0.34, 0.35, -0.35, 30.5, -40.0, 709.5] + arguments(-1, 1, 30) + arguments(-30, 300, 15)
emit("exponentialMinusOne", [(x, mp.expm1(mp.mpf(x))) for x in xs], "x, exp x - 1")
xs = [1e-300, -1e-18, 1e-9, -1e-5, -0.5, -0.9999999999, 1e17, 1e300] + arguments(-0.9, 3, 30)
emit("logarithmOnePlus", [(x, mp.log1p(mp.mpf(x))) for x in xs], "x, log(1 + x)")
xs = [0.0, 1.0, -1.0, 1e-17, -8.25, 8.25, -20.0, -30.0, -37.25, -37.5] + arguments(-37.5, 0, 40) + arguments(-3, 6, 30)
emit("normal", [(x, cdf(mp.mpf(x))) for x in xs], "x, N(x)")
ps = [0.5, 0.25, 0.75, 0.01, 0.99, 1e-300, 5e-324, 3e-310, 0.9999999999999999, 3.0861e-5, 3.0853e-5, 0.49999, 0.5000001]
ps += [10**e for e in arguments(-300, -1, 40)] + arguments(0.001, 0.999, 40)
emit("quantile", [(p, quantile(mp.mpf(p))) for p in ps], "p, inverse of N at p")
print("}")
functions, sys.stdout = sys.stdout, io.StringIO()
begin("extension ElementaryReference {")
rows = []
for _ in range(30):
    f, k, s = random.uniform(20, 200), random.uniform(20, 200), 10**random.uniform(-1.3, 0.7)
    rows += [(f, k, s, w, black(f, k, s, w)) for w in (1.0, -1.0)]
for f, k, s in [(100.0, 100.0, 1e-8), (100.0, 100.0, 0.2), (100.0, 3000.0, 0.1), (100.0, 3.0, 0.1), (1e5, 1e5, 60.0),
                (1e-5, 1e5, 1.0), (64250.5, 200000.0, 0.03125), (3.0, 1.0, 0.05), (1.0, 1.0, 9.5)]:
    rows += [(f, k, s, w, black(f, k, s, w)) for w in (1.0, -1.0)]
rows = [r for r in rows if r[4] > mp.mpf("1e-290")]
emit("black", rows, "forward, strike, standard deviation, sign, value")
rows = []
for _ in range(20):
    f, k, t, v = random.uniform(50, 150), random.uniform(50, 150), 10**random.uniform(-2.5, 0.6), random.uniform(0.1, 1.5)
    for w in (1.0, -1.0):
        rows.append([f, k, t, v, w] + greeks(f, k, t, v, w))
emit("greeks", rows, "forward, strike, time, volatility, sign, price, delta, gamma, vega, theta")
print("}")
blacks, sys.stdout = sys.stdout, sink
print((blacks if sys.argv[1:] == ["black"] else functions).getvalue(), end="")
