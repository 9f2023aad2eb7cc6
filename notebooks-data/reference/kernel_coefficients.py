"""Derives the coefficients of Sources/CKernels/coefficients.h from the definitions.

Each function is fitted in 60-digit arithmetic on Chebyshev nodes: polynomials by least squares,
quotients by the linearised least squares of Loeb, reweighted after Lawson towards the smallest
largest relative error. Needs mpmath. Prints C: python3 kernel_coefficients.py [name ...]
"""
import sys
import mpmath as mp

mp.mp.dps = 70


def nodes(low, high, count):
    middle, half = (mp.mpf(low) + high) / 2, (mp.mpf(high) - low) / 2
    return [middle + half * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]


def solve(rows, right):
    return mp.qr_solve(mp.matrix(rows), mp.matrix(right))[0]


def quotient(function, points, numerator, denominator, rounds=12, scale=None):
    """Numerator and denominator (constant term 1) of the best fit relative to scale, and its error."""
    values = [function(x) for x in points]
    scales = [scale(x) for x in points] if scale else values
    below = [mp.mpf(1)] * len(points)
    weight = [mp.mpf(1)] * len(points)
    best = None
    for turn in range(rounds):
        rows, right = [], []
        for x, y, z, q, w in zip(points, values, scales, below, weight):
            u = mp.sqrt(w) / (z * q)
            rows.append([u * x**i for i in range(numerator + 1)]
                        + [-u * y * x**i for i in range(1, denominator + 1)])
            right.append(u * y)
        s = solve(rows, right)
        p = [s[i] for i in range(numerator + 1)]
        q = [mp.mpf(1)] + [s[numerator + 1 + i] for i in range(denominator)]
        below = [mp.polyval(q[::-1], x) for x in points]
        error = [abs(mp.polyval(p[::-1], x) / b - y) / z
                 for x, b, y, z in zip(points, below, values, scales)]
        if best is None or max(error) < best[0]:
            best = (max(error), p, q)
        if turn > 3:
            total = sum(w * e for w, e in zip(weight, error))
            weight = [w * e / total * len(points) + mp.mpf("1e-6") for w, e in zip(weight, error)]
    return best


def polynomial(function, points, degree, weight=lambda x: mp.mpf(1)):
    rows = [[weight(x) * x**i for i in range(degree + 1)] for x in points]
    s = solve(rows, [weight(x) * function(x) for x in points])
    return [s[i] for i in range(degree + 1)]


def emit(name, values, note):
    print(f"/* {note} */")
    print(f"static const double {name}[{len(values)}] = {{")
    for at in range(0, len(values), 4):
        print("    " + ", ".join(float(v).hex() for v in values[at:at + 4]) + ",")
    print("};", flush=True)


def exponential():
    half = mp.log(2) / 2 * mp.mpf("1.0001")
    def tail(r):
        return mp.mpf(1) / 2 + r / 6 if abs(r) < mp.mpf(10)**-25 else (mp.expm1(r) - r) / r**2
    c = polynomial(tail, nodes(-half, half, 40), 9, lambda r: r * r + mp.mpf("1e-9"))
    emit("CK_EXP", c, "exp(r) = 1 + r + r^2 q(r), |r| <= ln(2)/2")


def logarithm():
    def tail(z):
        if z < mp.mpf(10)**-20:
            return mp.mpf(2) / 3
        s = mp.sqrt(z)
        return (mp.log((1 + s) / (1 - s)) - 2 * s) / (s * z)
    c = polynomial(tail, nodes(0, mp.mpf("0.0401"), 30), 6, lambda z: z + mp.mpf("1e-6"))
    emit("CK_LOG", c, "log((1+s)/(1-s)) = 2 s + s z L(z), z = s^2 <= 1/25")


def mills():
    a = mp.mpf(3)
    top = (mp.mpf("38.6") - a) / (mp.mpf("38.6") + a)
    points = [a * (1 + t) / (1 - t) for t in nodes(-1, top, 90)]
    error, p, q = quotient(lambda x: mp.erfc(x / mp.sqrt(2)) / 2 * mp.exp(x * x / 2), points, 9, 10)
    emit("CK_MILLS_P", p, f"N(-x) exp(x^2/2) = P(x)/Q(x), 0 <= x <= 38.6, relative error {mp.nstr(error, 2)}")
    emit("CK_MILLS_Q", q, "constant term 1; all coefficients positive")


def ratio(x):
    """N(-x) exp(x^2/2)."""
    return mp.erfc(x / mp.sqrt(2)) / 2 * mp.exp(x * x / 2)


def rest():
    """g of R(x) = 1/sqrt(2 pi) / (x + g(x)): as x grows g fades, so its error does not reach R."""
    a = mp.mpf(3)
    points = [a * (1 + t) / (1 - t) for t in nodes(-1, (mp.mpf(70) - a) / (70 + a), 90)]
    error, p, q = quotient(lambda x: 1 / mp.sqrt(2 * mp.pi) / ratio(x) - x, points, 9, 10,
                           scale=lambda x: 1 / mp.sqrt(2 * mp.pi) / ratio(x))
    emit("CK_REST_P", p, f"1/(sqrt(2 pi) R(x)) - x = P(x)/Q(x), R(x) = N(-x) exp(x^2/2), error {mp.nstr(error, 2)} of 1/(sqrt(2 pi) R)")
    emit("CK_REST_Q", q, "constant term 1; all coefficients positive")


def centre():
    def scaled(w):
        if w < mp.mpf(10)**-25:
            return mp.sqrt(2 * mp.pi) / 2
        q = mp.sqrt(-mp.expm1(-w))
        return mp.sqrt(2) * mp.erfinv(q) / q
    error, p, q = quotient(scaled, nodes(0, mp.mpf("9.05"), 60), 10, 9)
    emit("CK_QUANTILE_P", p, f"quantile(p) = (2p-1) P(w)/Q(w), w = -ln(4p(1-p)) <= 9, relative error {mp.nstr(error, 2)}")
    emit("CK_QUANTILE_Q", q, "constant term 1")


def tail_quantile(r):
    """x with N(-x) = exp(-r^2), by Newton on the logarithm."""
    x = mp.sqrt(2) * r
    goal = -r * r
    for _ in range(60):
        n = mp.erfc(x / mp.sqrt(2)) / 2
        step = (mp.log(n) - goal) * n / (mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi))
        x += step
        if abs(step) < mp.mpf(10)**-55:
            break
    return x


def tail(name, low, high, n, m):
    low = mp.mpf(low)
    error, p, q = quotient(lambda t: tail_quantile(t + low), nodes(0, mp.mpf(high) - low, 70), n, m)
    emit(name + "_P", p, f"-quantile(p) = P(t)/Q(t), t = sqrt(-ln p) - {float(low)}, up to {high}, relative error {mp.nstr(error, 2)}")
    emit(name + "_Q", q, "constant term 1")


if __name__ == "__main__":
    print("/* Written by notebooks-data/reference/kernel_coefficients.py; do not edit. */")
    print("#ifndef PLIMSOLL_COEFFICIENTS_H\n#define PLIMSOLL_COEFFICIENTS_H")
    asked = sys.argv[1:]
    parts = dict(exp=exponential, log=logarithm, mills=mills, rest=rest, centre=centre,
                 tail=lambda: tail("CK_TAIL", "3.0", "27.4", 9, 9))
    for key, part in parts.items():
        if not asked or key in asked:
            part()
    print("#endif")
