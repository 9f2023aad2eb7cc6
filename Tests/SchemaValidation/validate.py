#!/usr/bin/env python3
"""Validates what Plimsoll reads and writes against its JSON Schemas (draft 2020-12).

    validate.py COMMAND PATH...

COMMAND is the built `plimsoll`, whose `schema NAME` must print the schemas of the repository; `-` leaves it
out. Every document below PATH is validated by what it is: report.json (or any file whose `schema` is
plimsoll.report/1), accounts.jsonl line by line, explanations, calibrations, replays, backtests, what-ifs, market.json and run.json. Beyond the schemas it holds what they
cannot say: no NaN or infinity, no -0, no duplicate key, accounts in order and each once, requirement arithmetic
(surplus = equity - maintenance), a failure for every account that is incomplete. Exit 0 when all is well, 1 with
one line a finding.

Needs jsonschema (Debian: python3-jsonschema, 4.10 or later).
"""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Sources" / "RiskSchemas"
findings = []
counts = {"backtest": 0, "calibration": 0, "report": 0, "account": 0, "explanation": 0, "replay": 0, "what-if": 0, "market": 0, "run": 0}


def complain(place, what):
    findings.append(f"{place}: {what}")


def strict(text):
    """Parses JSON as the standard has it: Python's reader alone would take NaN and duplicate keys."""

    def refuse(word):
        raise ValueError(f"found {word}, which is not JSON")

    def once(pairs):
        keys = [key for key, _ in pairs]
        doubled = sorted({key for key in keys if keys.count(key) > 1}) if len(set(keys)) < len(keys) else []
        if doubled:
            raise ValueError(f"found the key {doubled[0]!r} twice")
        return dict(pairs)

    def number(digits):
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise ValueError(f"found {digits}, which is infinite")
        if value == 0 and digits.startswith("-"):
            raise ValueError(f"found {digits}")
        return value

    def whole(digits):
        if digits == "-0":
            raise ValueError("found -0")
        return int(digits)

    return json.loads(text, parse_constant=refuse, object_pairs_hook=once, parse_float=number, parse_int=whole)


def load_schemas():
    schemas = {path.stem.rsplit("-", 1)[0]: json.loads(path.read_text()) for path in SCHEMAS.glob("*-*.json")}
    report = schemas["report"]
    schemas["account"] = {
        "$schema": report["$schema"],
        "$id": "urn:plimsoll:schema:account:1",
        "$ref": "#/$defs/account",
        "$defs": report["$defs"],
    }
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        open_objects(schema, name)
    return {name: Draft202012Validator(schema) for name, schema in schemas.items()}


def open_objects(schema, place):
    """A schema that leaves an object open would let a misspelt key through."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "additionalProperties" not in schema:
            complain(place, "an object of the schema takes any key")
        for key, below in schema.items():
            open_objects(below, f"{place}/{key}")
    elif isinstance(schema, list):
        for index, below in enumerate(schema):
            open_objects(below, f"{place}/{index}")


def check_command(command, validators):
    """What the command prints is what the repository holds."""
    for name, validator in sorted(validators.items()):
        run = subprocess.run([command, "schema", name], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            complain(f"{command} schema {name}", f"exit {run.returncode}: {run.stderr.strip()}")
            continue
        printed = json.loads(run.stdout)
        for key in ("title", "description"):
            if name == "account":
                printed.pop(key, None)
        if printed != validator.schema:
            complain(f"{command} schema {name}", "differs from the schema in the repository")


def validate(validators, kind, place, text):
    """Parses and validates one document; None where it breaks a rule."""
    try:
        document = strict(text)
    except ValueError as error:
        complain(place, error)
        return None
    counts[kind] += 1
    errors = sorted(validators[kind].iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    for error in errors[:5]:
        where = "/".join(str(step) for step in error.absolute_path)
        complain(f"{place}#/{where}", error.message[:300])
    return document if not errors else None


def check_account(place, account):
    """Arithmetic that a figure must obey whatever made it."""
    for index, figure in enumerate(account.get("margin", {}).get("models", [])):
        for surplus, requirement in (("surplus", "maintenance"), ("surplus_initial", "initial")):
            terms = [figure[key] for key in (surplus, "equity", requirement)]
            if None not in terms and abs(terms[0] - (terms[1] - terms[2])) > 1e-9 * max(map(abs, terms)):
                complain(f"{place}/margin/models/{index}", f"{surplus} is not equity - {requirement}")
    for index, price in enumerate(account.get("liquidation", {}).get("prices", [])):
        if bool(price["spot_roots"]) == bool(price["reason"]):
            complain(f"{place}/liquidation/prices/{index}", "a reason stands where there is no root, and only there")
        if price["spot_roots"] != sorted(price["spot_roots"]):
            complain(f"{place}/liquidation/prices/{index}", "roots do not increase")
    for index, figure in enumerate(account.get("value_at_risk", [])):
        low, high = figure["interval"]["lower"], figure["interval"]["upper"]
        if None not in (low, high, figure["value_at_risk"]) and not low <= figure["value_at_risk"] <= high:
            complain(f"{place}/value_at_risk/{index}", "the value at risk lies outside its interval")
        if None not in (figure["value_at_risk"], figure["expected_shortfall"]):
            slack = 1e-9 * abs(figure["value_at_risk"])
            if figure["expected_shortfall"] < figure["value_at_risk"] - slack:
                complain(f"{place}/value_at_risk/{index}", "the expected shortfall is below the value at risk")


def check_liquidity(place, account):
    """Costs are never negative, their parts sum to them, and with them no value at risk is smaller."""
    liquidity = account.get("liquidity")
    if liquidity:
        parts = [part["close_out_cost"] for part in liquidity["by_underlying"]]
        total = liquidity["close_out_cost"]
        if (total is None) != (None in parts):
            complain(f"{place}/liquidity", "a cost is null and no part of it is, or the other way round")
        if total is not None and None not in parts and abs(total - sum(parts)) > 1e-9 * total:
            complain(f"{place}/liquidity", "the parts do not sum to the cost")
        for part in liquidity["by_underlying"]:
            if (part["close_out_cost"] is None) != (part["reason"] is not None):
                complain(f"{place}/liquidity/{part['underlying']}", "a reason stands where there is no cost, and only there")
    for index, figure in enumerate(account.get("value_at_risk", [])):
        closed = figure.get("liquidity")
        if closed and (closed["value_at_risk"] is None) != (closed["reason"] is not None):
            complain(f"{place}/value_at_risk/{index}", "a reason stands where there is no figure, and only there")
        if closed and closed["value_at_risk"] is not None:
            for key in ("value_at_risk", "expected_shortfall"):
                if closed[key] < figure[key] - 1e-9 * abs(figure[key]):
                    complain(f"{place}/value_at_risk/{index}", f"closing out makes {key} smaller")


def check_order(place, accounts):
    ids = [account["account_id"].encode() for account in accounts]
    if any(left >= right for left, right in zip(ids, ids[1:])):
        complain(place, "accounts are not in byte order, or one stands there twice")


def check_report(validators, path):
    report = validate(validators, "report", path, path.read_text(encoding="utf-8"))
    if report is None:
        return
    accounts = report["accounts"]
    lines = path.with_name("accounts.jsonl")
    if lines.exists() and not accounts:
        for number, line in enumerate(lines.read_text(encoding="utf-8").splitlines(), 1):
            account = validate(validators, "account", f"{lines}:{number}", line)
            if account is not None:
                accounts.append(account)
        if len(accounts) <= 1_000:
            complain(lines, f"holds {len(accounts)} accounts, which belong into report.json")
    elif len(accounts) > 1_000:
        complain(path, f"holds {len(accounts)} accounts, which belong into accounts.jsonl")
    if path.parent.name == "every-key":
        check_strictness(validators["report"], path, report)
    check_order(path, accounts)
    for account in accounts:
        check_account(f"{path}#/accounts/{account['account_id']}", account)
    check_account(f"{path}#/book", report["book"])
    for account in accounts + [report["book"]]:
        check_liquidity(f"{path}#/{account.get('account_id', 'book')}", account)
    if report["book"]["account_count"] != len(accounts):
        complain(path, "account_count is not the number of accounts")
    incomplete = sum(account["incomplete"] for account in accounts)
    if report["book"]["incomplete_count"] != incomplete:
        complain(path, "incomplete_count is not the number of incomplete accounts")
    if incomplete and not report["failures"]:
        complain(path, "accounts are incomplete and no failure says why")


def objects_of(node, path=()):
    """Every object of a document with its path."""
    if isinstance(node, dict):
        yield path, node
    for key, below in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from objects_of(below, path + (key,))


def check_replay(validators, path):
    """The arithmetic of a replay: parts of the profit, surpluses, accounts in order."""
    replay = validate(validators, "replay", path, path.read_text(encoding="utf-8"))
    if replay is None:
        return
    check_order(path, replay["accounts"])
    for account in replay["accounts"]:
        place = f"{path}#/accounts/{account['account_id']}"
        for step in account["steps"]:
            profit = step["profit_and_loss"]
            parts = ("balances", "forward", "volatility", "time", "rates")
            if profit and abs(profit["total"] - sum(profit[part] for part in parts)) > 1e-9 * sum(
                abs(profit[part]) for part in parts
            ):
                complain(f"{place}/steps/{step['step']}", "the parts of the profit do not sum to it")
            for mode in ("isolated", "cross", "portfolio"):
                figure = step[mode]
                if abs(figure["surplus"] - (figure["equity"] - figure["maintenance"])) > 1e-9 * abs(figure["equity"]):
                    complain(f"{place}/steps/{step['step']}/{mode}", "surplus is not equity - maintenance")
        for position in account["liquidated_positions"]:
            if not 0 <= position["lost"] <= max(position["margin"], 0):
                complain(f"{place}/liquidated_positions/{position['instrument']}", "the loss is not within the margin")


def check_backtest(validators, path):
    """Exceptions are what the days say they are, and the tests count them."""
    backtest = validate(validators, "backtest", path, path.read_text(encoding="utf-8"))
    for index, series in enumerate(backtest["series"] if backtest else ()):
        place = f"{path}#/series/{index}"
        days, tests = series["days"], series["tests"]
        if any(day["exception"] != (-day["profit_and_loss"] > day["value_at_risk"]) for day in days):
            complain(place, "an exception is not a loss above the value at risk")
        if (tests["count"], tests["exceptions"]) != (len(days), sum(day["exception"] for day in days)):
            complain(place, "the tests count other days than there are")
        if any(day["date"] >= day["until"] for day in days):
            complain(place, "an outcome stands before its forecast")


def check_strictness(validator, place, document):
    """Turns each object of a small document wrong in turn: a schema that accepts that holds nothing."""
    # What only some measures, methods and stresses have; of a row of capital, what only simulated paths have.
    optional = {
        "greeks", "value_at_risk", "stress", "margin", "liquidation", "spot_moves", "reverse_stress",
        "sampling", "remark", "by_underlying", "by_risk_class", "profits",
        "explain", "ladder", "window", "moves", "loss_fraction_of_equity", "measures",
        "counted_collateral",
        # Where the market quotes a depth.
        "liquidity", "close_out_cost", "sum_of_accounts",
        "dynamic",
    }
    simulated = {"horizon_days", "paths", "interval", "saving", "attribution"}
    for path, node in objects_of(document):
        # Maps from names to numbers have no fixed keys.
        if path and path[-1] in ("components", "parameters"):
            continue
        where = f"{place}#/" + "/".join(map(str, path))
        node["no_such_key"] = 1
        if validator.is_valid(document):
            complain(where, "the schema takes a key that does not exist")
        del node["no_such_key"]
        for key in list(node):
            kept = dict(node)
            del node[key]
            may_miss = optional | simulated if "capital_to_survive" in path[-2:-1] else optional
            if key not in may_miss and validator.is_valid(document):
                complain(f"{where}/{key}", "the schema does not miss this key")
            node.clear()
            node.update(kept)
            node[key] = {"a": "b"}
            if validator.is_valid(document):
                complain(f"{where}/{key}", "the schema takes an object in place of this value")
            node.clear()
            node.update(kept)


def check_file(validators, path):
    if path.suffix == ".json":
        head = path.open("rb").read(4_096)
        if path.name == "report.json" or b'"plimsoll.report/1"' in head:
            check_report(validators, path)
        elif b'"plimsoll.explanation/1"' in head:
            validate(validators, "explanation", path, path.read_text(encoding="utf-8"))
        elif b'"plimsoll.backtest/1"' in head:
            check_backtest(validators, path)
        elif b'"plimsoll.replay/1"' in head:
            check_replay(validators, path)
        elif b'"plimsoll.calibration/1"' in head:
            validate(validators, "calibration", path, path.read_text(encoding="utf-8"))
        elif b'"plimsoll.what-if/1"' in head:
            validate(validators, "what-if", path, path.read_text(encoding="utf-8"))
        elif b'"plimsoll.market/1"' in head and path.name == "market.json":
            validate(validators, "market", path, path.read_text(encoding="utf-8"))
        elif b'"plimsoll.run/1"' in head and path.name == "run.json":
            validate(validators, "run", path, path.read_text(encoding="utf-8"))


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 64
    command, *paths = arguments
    validators = load_schemas()
    if command != "-":
        check_command(command, validators)
    for path in map(pathlib.Path, paths):
        files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        for file in files:
            check_file(validators, file)
    for finding in findings:
        print(finding, file=sys.stderr)
    seen = ", ".join(f"{number} {name}{'s' if number != 1 else ''}" for name, number in counts.items() if number)
    print(f"Schemas: {len(validators)} well formed; {seen or 'no document'} validated; {len(findings)} findings.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
