"""Direction numbers of Sobol points, written to Sources/CKernels/sobol_directions.h.

    python3 notebooks-data/reference/sobol_directions.py > Sources/CKernels/sobol_directions.h

The figures are those of S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections",
SIAM J. Sci. Comput. 30, 2635-2654 (2008), file new-joe-kuo-6, dimensions 1 to 1111. They are read from the copy that
scipy hands out (stats/_sobol_direction_numbers.npz). Needs numpy and scipy.

A dimension is its primitive polynomial, all coefficients as bits, followed by as many initial numbers m as the
polynomial has degrees; the first dimension is the van der Corput sequence and has polynomial 1.
"""

import os

import numpy
import scipy

DIMENSIONS = 1111

data = numpy.load(os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz"))
words, starts = [], []
for polynomial, numbers in zip(data["poly"][:DIMENSIONS], data["vinit"][:DIMENSIONS]):
    degree = int(polynomial).bit_length() - 1
    starts.append(len(words))
    words += [int(polynomial)] + [int(m) for m in numbers[:degree]]
assert max(words) < 2**16 and all(m % 2 == 1 for m in words)


def table(name, kind, values):
    print(f"static const {kind} {name}[{len(values)}] = {{")
    line = " "
    for value in values:
        if len(line) + len(str(value)) > 110:
            print(line)
            line = " "
        line += f" {value},"
    print(line)
    print("};")


print("/* Made by notebooks-data/reference/sobol_directions.py; do not edit.")
print("   Joe and Kuo (2008), new-joe-kuo-6: polynomial, then initial numbers, of each dimension. */")
print(f"enum {{ CK_SOBOL_DIMENSIONS = {DIMENSIONS} }};")
table("CK_SOBOL_WORDS", "uint16_t", words)
table("CK_SOBOL_STARTS", "uint16_t", starts)
