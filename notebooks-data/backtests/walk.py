#!/usr/bin/env python3
"""Backtests every method of value at risk on real closes and prints a table of the outcome.

    walk.py COMMAND DATA

COMMAND is the built `plimsoll`, DATA a folder with `crypto_daily/BTC-USD_*.csv`, `crypto_daily/ETH-USD_*.csv` (Date,
Open, High, Low, Close, Volume) and `equities/sp500_adjclose_*.csv` (Date and one column of adjusted closes a name).
Books are made in a temporary folder and removed; nothing of the data is kept. Methods that the command does not have
are named and left out. The table that README.md shows is this program's output.
"""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

ENTRIES = {
    "parametric, sample": {"method": "parametric"},
    "parametric, EWMA 0.94": {"method": "parametric", "covariance": {"estimator": "ewma", "decay": 0.94}},
    "parametric, GARCH": {"method": "parametric", "covariance": {"estimator": "garch"}},
    "historical": {"method": "historical"},
    "filtered historical, EWMA": {
        "method": "filtered_historical", "filter": {"model": "ewma", "decay": 0.94}},
    "filtered historical, GARCH": {"method": "filtered_historical", "filter": {"model": "garch"}},
    "Monte Carlo, sample": {"method": "monte_carlo", "paths": 10000},
    "Monte Carlo, EWMA 0.94": {
        "method": "monte_carlo", "paths": 10000, "covariance": {"estimator": "ewma", "decay": 0.94}},
    "Monte Carlo, Student t 4": {
        "method": "monte_carlo", "paths": 10000, "distribution": "student_t", "degrees_of_freedom": 4},
}
NAMES = ["AAPL", "JPM", "XOM", "JNJ", "WMT"]


def closes(path, column):
    with path.open(newline="") as lines:
        return {row["Date"]: float(row[column]) for row in csv.DictReader(lines) if row[column]}


def write_book(folder, columns, quantities, entry):
    """A book of the assets themselves: one account, no options, today the last date."""
    dates = sorted(set.intersection(*(set(column) for column in columns.values())))
    folder.mkdir()
    last = dates[-1]
    market = {
        "schema": "plimsoll.market/1", "as_of": f"{last}T23:59:59Z", "base_currency": "USD",
        "assets": [{"asset": name, "spot": column[last]} for name, column in sorted(columns.items())]}
    (folder / "market.json").write_text(json.dumps(market))
    (folder / "positions.csv").write_text("account_id,instrument,quantity\n")
    rows = [f"desk,{name},{quantity!r}" for name, quantity in sorted(quantities(columns, last).items())]
    (folder / "balances.csv").write_text("\n".join(["account_id,asset,quantity"] + rows) + "\n")
    names = sorted(columns)
    table = [",".join(["date"] + names)]
    table += [",".join([date] + [repr(columns[name][date]) for name in names]) for date in dates]
    (folder / "history.csv").write_text("\n".join(table) + "\n")
    run = {
        "schema": "plimsoll.run/1", "seed": 7, "measures": ["value_at_risk"],
        "value_at_risk": [{"confidence": ["0.95", "0.975", "0.99"], "horizon_days": 1, **entry}]}
    (folder / "run.json").write_text(json.dumps(run))


def backtest(command, book, window, days):
    line = [command, "backtest", str(book), "--window", str(window), "--days", str(days), "--format", "json", "--quiet",
            "--market", "today"]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    if run.returncode not in (0, 2):
        return None, run.stderr.strip()
    return json.loads(run.stdout), None


def number(value, digits=3):
    return "" if value is None else f"{value:.{digits}f}"


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    command, data = arguments[0], pathlib.Path(arguments[1])
    crypto = {}
    for coin in ("BTC", "ETH"):
        crypto[coin] = closes(sorted((data / "crypto_daily").glob(f"{coin}-USD_*.csv"))[0], "Close")
    shares = sorted((data / "equities").glob("sp500_adjclose_*.csv"))[0]
    equities = {name: closes(shares, name) for name in NAMES}

    def each(columns, last):
        # A hundred thousand dollars of each at the last close.
        return {name: 100_000 / column[last] for name, column in columns.items()}

    cases = [("BTC and ETH", crypto, 100, 250), ("five shares", equities, 500, 750)]
    for title, columns, window, days in cases:
        print(f"\n### {title}: window {window}, {days} days asked for\n")
        print("| method | level | days | exceptions | expected | zone | Kupiec p | exact p | independence p | exact p "
              "| joint p | exact p | Z1 p | Z2 | Z2 p | Z3 p |")
        print("| --- " * 16 + "|")
        lacking = []
        for name, entry in ENTRIES.items():
            with tempfile.TemporaryDirectory() as place:
                book = pathlib.Path(place) / "book"
                write_book(book, columns, each, entry)
                found, why = backtest(command, book, window, days)
            if found is None:
                lacking.append(f"{name}: {why}")
                continue
            for series in found["series"]:
                tests = series["tests"]
                kupiec, order = tests["kupiec"], tests["independence"]
                joint, shortfall = tests["conditional_coverage"], tests["acerbi_szekely"] or {}
                cells = [
                    name, f"{series['confidence']}", str(tests["count"]), str(tests["exceptions"]),
                    number(tests["expected_exceptions"], 1), tests["traffic_light"]["zone"], number(kupiec["p_value"]),
                    number(kupiec["exact_p_value"]), number(order["p_value"]), number(order["exact_p_value"]),
                    number(joint["p_value"]), number(joint["exact_p_value"]), number(shortfall.get("z1_p_value")),
                    number(shortfall.get("z2"), 2), number(shortfall.get("z2_p_value")),
                    number(shortfall.get("z3_p_value"))]
                print("| " + " | ".join(cells) + " |")
        for sentence in lacking:
            print(f"\nLeft out: {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
