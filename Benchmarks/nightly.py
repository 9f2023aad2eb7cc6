"""The nightly run as a whole process: sample a desk, run everything, print one JSON line a configuration.

    python3 Benchmarks/nightly.py .build/release/plimsoll [--accounts 10000] [--repeats 3]

Seconds are wall time, the best of the repeats; `steps` are those of run.log.json in that repeat. The desk
has about 22 positions an account over 1,500 instruments; its run.json asks for every measure with 10,000
paths. `ratio` sets the run against itself on one thread, which is what carries over to another machine.
"""
import argparse
import json
import os
import resource
import subprocess
import tempfile
import time


def run(command, book, out, threads):
    start = time.monotonic()
    process = subprocess.Popen([command, "run", book, "--out", out, "--quiet", "--threads", str(threads)])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"the run ended with status {os.waitstatus_to_exitcode(status)}")
    with open(os.path.join(out, "run.log.json")) as log:
        steps = json.load(log)["seconds"]
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime, steps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book, out = os.path.join(folder, "book"), os.path.join(folder, "report")
        subprocess.run(
            [arguments.command, "sample", book, "--accounts", str(arguments.accounts), "--seed", "3", "--quiet"],
            check=True)
        with open(os.path.join(book, "positions.csv")) as rows:
            positions = sum(1 for _ in rows) - 1
        best = {}
        for _ in range(arguments.repeats):
            for threads in (1, 2):
                found = run(arguments.command, book, out, threads)
                if threads not in best or found[0] < best[threads][0]:
                    best[threads] = found
        for threads, (seconds, memory, processor, steps) in sorted(best.items()):
            print(json.dumps({
                "name": "nightly", "accounts": arguments.accounts, "positions": positions, "threads": threads,
                "seconds": round(seconds, 3), "ratio": round(seconds / best[1][0], 3),
                "processor_seconds": round(processor, 3), "peak_mb": round(memory), "steps": steps,
            }))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
