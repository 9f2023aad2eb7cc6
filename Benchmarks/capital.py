"""Capital over simulated paths as a whole process: a sampled desk with and without it, one JSON line each.

    python3 Benchmarks/capital.py .build/release/plimsoll [--accounts 10000] [--paths 10000]

Both runs ask for margin alone; `paths_seconds` and `paths_processor_seconds` are what the paths add, with interval and
attribution of every account. The must is 30 s on two cores and 1 GB.
"""
import argparse
import json
import os
import subprocess
import tempfile

from nightly import run


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--paths", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book, out = os.path.join(folder, "book"), os.path.join(folder, "report")
        subprocess.run(
            [arguments.command, "sample", book, "--accounts", str(arguments.accounts), "--seed", "3", "--quiet"],
            check=True)
        found = []
        for paths in (None, arguments.paths):
            margin = {} if paths is None else {"capital_to_survive": {"paths": paths}}
            with open(os.path.join(book, "run.json"), "w") as plan:
                json.dump({"schema": "plimsoll.run/1", "seed": 7, "measures": ["margin"], "margin": margin}, plan)
            found.append(run(arguments.command, book, out, arguments.threads))
    (plain, _, plain_processor, _), (seconds, memory, processor, _) = found
    print(json.dumps({
        "name": "capital_to_survive", "accounts": arguments.accounts, "paths": arguments.paths,
        "threads": arguments.threads, "seconds": round(seconds, 2), "processor_seconds": round(processor, 2),
        "peak_mb": round(memory), "paths_seconds": round(seconds - plain, 2),
        "paths_processor_seconds": round(processor - plain_processor, 2),
    }))


if __name__ == "__main__":
    main()
