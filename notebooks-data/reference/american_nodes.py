"""Nodes of the American kernels, written to Sources/CKernels/american_nodes.h.

    python3 notebooks-data/reference/american_nodes.py > Sources/CKernels/american_nodes.h

Gauss-Legendre in the angle theta on [0, pi/2] under s = t sin^2(theta): the root of the time that has passed
and the root of the time that is left are both smooth in theta, which is what the exercise boundary and the
kernel of the integral equation are smooth in. Needs mpmath.
"""

import mpmath as mp

mp.mp.dps = 40


def legendre(n):
    """Nodes and weights on [-1, 1], ascending."""
    nodes = []
    for i in range(n):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (n + mp.mpf(1) / 2))
        for _ in range(100):
            p0, p1 = mp.mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            step = p1 / slope
            x -= step
            if abs(step) < mp.mpf(10) ** -36:
                break
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return sorted(nodes)


def column(name, values):
    print(f"static const double {name}[{len(values)}] = {{")
    for i in range(0, len(values), 4):
        print("    " + ", ".join(float(v).hex() for v in values[i:i + 4]) + ",")
    print("};")


def main():
    print("/* Written by notebooks-data/reference/american_nodes.py; do not edit. */")
    print("#ifndef PLIMSOLL_AMERICAN_NODES_H")
    print("#define PLIMSOLL_AMERICAN_NODES_H")
    for n in (10, 24, 32, 64):
        rows = [((x + 1) * mp.pi / 4, w * mp.pi / 4) for x, w in legendre(n)]
        print(f"/* {n} nodes: sin, cos, and the weight times 2 sin cos */")
        column(f"CK_SIN_{n}", [mp.sin(a) for a, _ in rows])
        column(f"CK_COS_{n}", [mp.cos(a) for a, _ in rows])
        column(f"CK_WEIGHT_{n}", [w * mp.sin(2 * a) for a, w in rows])
    for n in (8, 16):
        print(f"/* Chebyshev nodes of degree {n} on [0, 1] */")
        column(f"CK_CHEBYSHEV_{n}", [mp.sin(mp.pi * i / (2 * n)) ** 2 for i in range(n + 1)])
    print("#endif")


main()
