"""A Monte Carlo of one small book by numpy alone, beside the engine's figures.

    python3 notebooks-data/reference/factor_paths.py path/to/plimsoll [DAYS]

Spots, volatility levels, a slope of the smile, the basis and rates move at once. The script writes the book, runs the
engine on 200,000 paths and itself on a million, with its own formula of Black and its own draws, and prints both
figures with their difference in standard errors, and both splits. Needs numpy and scipy.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta

import numpy as np
from scipy.stats import norm

ENGINE = sys.argv[1]
DAYS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
AS_OF = datetime(2026, 2, 5, 8)
EXPIRY = {"mar": datetime(2026, 3, 27, 8), "jun": datetime(2026, 6, 26, 8)}
YEARS = {key: (end - AS_OF) / timedelta(days=365) for key, end in EXPIRY.items()}
BTC, ETH, RATE, FORWARD = 65_000.0, 1_900.0, 0.04, 65_600.0
PERPETUAL = 65_020.0
POSITIONS = [
    ("BTC_USDC-27MAR26-60000-P", -3, ""),
    ("BTC-27MAR26-70000-C", -4, ""),
    ("ETH_USDC-26JUN26-2100-C", -80, ""),
    ("BTC-27MAR26", 150_000, 65_000),
    ("BTC-PERPETUAL", -60_000, 65_000),
    ("ETH_USDC-26JUN26", 20, 1_900),
]


def iso(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def smile(underlying, key, quotes):
    return {
        "underlying": underlying,
        "expiry": iso(EXPIRY[key]),
        "strikes": sorted(quotes),
        "volatilities": [quotes[strike] for strike in sorted(quotes)],
    }


def write_book(folder):
    market = {
        "schema": "plimsoll.market/1",
        "as_of": iso(AS_OF),
        "base_currency": "USD",
        "assets": [
            {"asset": "BTC", "spot": BTC},
            {"asset": "ETH", "spot": ETH},
            {"asset": "USDC", "spot": 1, "stable": True},
        ],
        "rates": [
            {"currency": "USD", "curve": [{"years": 0.01, "rate": RATE}, {"years": 2, "rate": RATE}]}
        ],
        "forwards": [{"underlying": "BTC", "expiry": iso(EXPIRY["mar"]), "price": FORWARD}],
        "volatility": [
            smile("BTC", "mar", {60_000: 0.60, 70_000: 0.52}),
            smile("ETH", "jun", {1_700: 0.80, 2_100: 0.70}),
        ],
        "marks": [
            {"instrument": "BTC-PERPETUAL", "price": PERPETUAL},
            {"instrument": "BTC-27MAR26", "price": FORWARD},
        ],
        "correlation": {
            "assets": ["BTC", "ETH"],
            "matrix": [[1, 0.8], [0.8, 1]],
            "volatilities": [0.6, 0.8],
        },
    }
    run = {
        "schema": "plimsoll.run/1",
        "seed": 5,
        "measures": ["value_at_risk"],
        "value_at_risk": [
            {"confidence": ["0.95", "0.99"], "horizon_days": DAYS, "paths": 200_000}
        ],
        "volatility_factors": [
            {
                "underlying": "BTC",
                "vol_of_vol": 0.9,
                "spot_correlation": -0.5,
                "skew": {"volatility": 0.25, "spot_correlation": 0.3},
            },
            {"underlying": "ETH", "vol_of_vol": 1.2, "spot_correlation": -0.2},
        ],
        "rate_factors": [{"currency": "USD", "volatility": 0.05}],
        "basis_factors": [
            {"underlying": "BTC", "volatility": 0.3},
            {"underlying": "ETH", "volatility": 0.2},
        ],
    }
    for name, value in (("market.json", market), ("run.json", run)):
        with open(os.path.join(folder, name), "w") as file:
            json.dump(value, file)
    with open(os.path.join(folder, "positions.csv"), "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["account_id", "instrument", "quantity", "entry_price"])
        rows.writerows(["a", *row] for row in POSITIONS)
    with open(os.path.join(folder, "balances.csv"), "w") as file:
        file.write("account_id,asset,quantity\na,BTC,1.5\na,USDC,10000\n")


def black(forward, strike, deviation, sign):
    d1 = np.log(forward / strike) / deviation + deviation / 2
    return sign * (forward * norm.cdf(sign * d1) - strike * norm.cdf(sign * (d1 - deviation)))


def profits(count):
    """Profit of every position on every path, in the order of POSITIONS, the coins last."""
    rng = np.random.default_rng(1)
    draw = lambda: rng.standard_normal(count)
    beside = lambda z, rho: rho * z + np.sqrt(1 - rho * rho) * draw()
    h = DAYS / 365
    root = np.sqrt(h)
    z_btc = draw()
    z_eth = 0.8 * z_btc + 0.6 * draw()
    x_btc = -0.5 * 0.6**2 * h + 0.6 * root * z_btc
    x_eth = -0.5 * 0.8**2 * h + 0.8 * root * z_eth
    v_btc = -0.5 * 0.9**2 * h + 0.9 * root * beside(z_btc, -0.5)
    v_eth = -0.5 * 1.2**2 * h + 1.2 * root * beside(z_eth, -0.2)
    slope = 0.25 * root * beside(z_btc, 0.3)
    rate = 0.05 * root * draw()
    b_btc, b_eth = 0.3 * root * draw(), 0.2 * root * draw()
    left = {key: years - h for key, years in YEARS.items()}

    def moved(today, strike, key):
        level = today * np.exp(v_btc)
        skewed = level + slope * np.log(strike / FORWARD) / np.sqrt(YEARS[key])
        return np.clip(skewed, level / 4, level * 4)

    spot = BTC * np.exp(x_btc)
    forward = FORWARD * np.exp(x_btc + b_btc * left["mar"])
    put = np.exp(-(RATE + rate) * left["mar"]) * black(
        forward, 60_000, moved(0.60, 60_000, "mar") * np.sqrt(left["mar"]), -1
    ) - np.exp(-RATE * YEARS["mar"]) * black(FORWARD, 60_000, 0.60 * np.sqrt(YEARS["mar"]), -1)
    # In coin, which has no curve: its rate is zero.
    call = spot / forward * black(
        forward, 70_000, moved(0.52, 70_000, "mar") * np.sqrt(left["mar"]), 1
    ) - BTC / FORWARD * black(FORWARD, 70_000, 0.52 * np.sqrt(YEARS["mar"]), 1)
    carried = ETH * np.exp(RATE * YEARS["jun"])
    forward_eth = carried * np.exp(x_eth + (b_eth + rate) * left["jun"])
    call_eth = np.exp(-(RATE + rate) * left["jun"]) * black(
        forward_eth, 2_100, 0.70 * np.exp(v_eth) * np.sqrt(left["jun"]), 1
    ) - np.exp(-RATE * YEARS["jun"]) * black(carried, 2_100, 0.70 * np.sqrt(YEARS["jun"]), 1)

    def inverse(quantity, mark, later):
        return quantity * (spot * (1 / 65_000 - 1 / later) - BTC * (1 / 65_000 - 1 / mark))

    return [
        -3 * put,
        -4 * call,
        -80 * call_eth,
        inverse(150_000, FORWARD, forward),
        inverse(-60_000, PERPETUAL, PERPETUAL * np.exp(x_btc + b_btc * 8 / 8_760)),
        20 * (forward_eth - carried),
        1.5 * (spot - BTC),
    ]


def own_figures(parts, level):
    losses = -sum(parts)
    count = len(losses)
    rank = int(np.ceil(count * level))
    value = np.sort(losses)[rank - 1]
    beyond = losses > value
    # The density at the quantile, from the losses within two per cent of it.
    density = np.mean(np.abs(losses - value) < 0.02 * abs(value)) / (0.04 * abs(value))
    near = np.abs(losses - value) < 0.01 * abs(value)
    return {
        "value_at_risk": value,
        "value_at_risk_error": np.sqrt(level * (1 - level) / count) / density,
        "expected_shortfall": losses[beyond].mean(),
        "expected_shortfall_error": np.sqrt(np.maximum(losses - value, 0).var() / count) / (1 - level),
        "parts": [(round(-part[near].mean()), round(-part[beyond].mean())) for part in parts],
    }


with tempfile.TemporaryDirectory() as folder:
    write_book(folder)
    done = subprocess.run([ENGINE, "var", folder, "--format", "json"], capture_output=True, check=True)
names = [row[0] for row in POSITIONS] + ["BTC"]
paths = profits(1_000_000)
for figure in json.loads(done.stdout)["accounts"][0]["value_at_risk"]:
    own = own_figures(paths, float(figure["confidence"]))
    print(f"{DAYS} days at {figure['confidence']}")
    for key, error in (("value_at_risk", "standard_error"), ("expected_shortfall", "expected_shortfall_standard_error")):
        apart = (figure[key] - own[key]) / np.hypot(figure[error], own[key + "_error"])
        print(f"  {key}: engine {figure[key]:.1f}, numpy {own[key]:.1f}, {apart:+.2f} standard errors")
    engine = {part["name"]: part for part in figure["components"]}
    for name, (value, shortfall) in zip(names, own["parts"]):
        part = engine[name]
        print(
            f"  {name}: engine {part['value_at_risk']:.0f} {part['expected_shortfall']:.0f},"
            f" numpy {value} {shortfall}"
        )
    for part in figure["by_risk_class"]:
        print(f"  {part['name']}: {part['value_at_risk']:.0f} {part['expected_shortfall']:.0f}")
