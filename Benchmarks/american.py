"""American options of this project and of QuantLib on the same random options, in one run.

    python3 Benchmarks/american.py .build/benchmarks/release/risk-bench [COUNT]

Needs QuantLib (pip install QuantLib). S = 100, strikes 60 to 160, 7 days to 3 years, volatilities 10 to 60 %,
rates 1 to 10 %, yields 0 to 10 %, calls and puts mixed. Errors are against QuantLib's high-precision scheme, in
units of the strike; times are processor time of one thread in microseconds an option. QuantLib is timed through
its Python module with the option objects built before, so that some 2 us a price are the module's.
"""
import json
import random
import subprocess
import sys
import time

import QuantLib as ql


def draw(count):
    random.seed(20_261_120)
    rows = []
    for _ in range(count):
        kind = random.choice(["call", "put"])
        days = random.randint(7, 1095) if random.random() < 0.7 else int(7 * (1095 / 7) ** random.random())
        rows.append((kind, 100.0, random.uniform(60, 160), days, random.uniform(0.1, 0.6), random.uniform(0.01, 0.1),
                     0.0 if random.random() < 0.1 else random.uniform(0, 0.1)))
    return rows


def quantlib(rows, scheme):
    """Values, and microseconds an option."""
    today = ql.Date(20, 11, 2026)
    ql.Settings.instance().evaluationDate = today
    count = ql.Actual365Fixed()
    options = []
    for kind, spot, strike, days, volatility, rate, dividend in rows:
        process = ql.BlackScholesMertonProcess(
            ql.QuoteHandle(ql.SimpleQuote(spot)),
            ql.YieldTermStructureHandle(ql.FlatForward(today, dividend, count)),
            ql.YieldTermStructureHandle(ql.FlatForward(today, rate, count)),
            ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), volatility, count)))
        payoff = ql.PlainVanillaPayoff(ql.Option.Call if kind == "call" else ql.Option.Put, strike)
        option = ql.VanillaOption(payoff, ql.AmericanExercise(today, today + days))
        option.setPricingEngine(ql.QdFpAmericanEngine(process, scheme))
        options.append(option)
    start = time.process_time()
    values = [option.NPV() for option in options]
    return values, (time.process_time() - start) / len(rows) * 1e6


def worst(values, reference, rows):
    errors = sorted(abs(a - b) / row[2] for a, b, row in zip(values, reference, rows))
    return errors[-1], errors[int(0.99 * len(errors))], errors[len(errors) // 2]


def main():
    rows = draw(int(sys.argv[2]) if len(sys.argv) > 2 else 2400)
    text = "\n".join(f"{k} {s!r} {x!r} {d / 365!r} {v!r} {r!r} {q!r}" for k, s, x, d, v, r, q in rows)
    reference, _ = quantlib(rows, ql.QdFpAmericanEngine.highPrecisionScheme())
    peers = {"fast": quantlib(rows, ql.QdFpAmericanEngine.fastScheme()),
             "accurate": quantlib(rows, ql.QdFpAmericanEngine.accurateScheme())}
    out = subprocess.run([sys.argv[1], "american"], input=text, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        found = json.loads(line)
        values, microseconds = peers[found["scheme"]]
        for name, v, us in ((f"plimsoll {found['scheme']}", found["values"], found["us"]),
                            (f"QuantLib QdFp {found['scheme']}", values, microseconds)):
            top, high, middle = worst(v, reference, rows)
            print(json.dumps({"name": name, "us": round(us, 3), "max_error": top, "q99": high, "median": middle}))
        print(json.dumps({"name": f"{found['scheme']} over QuantLib", "ratio": round(microseconds / found["us"], 1)}))


main()
