"""`python3 -m portal bench [--json] [NAME …]`: every budget beside its floor, measured in the same run.

Each benchmark is a module of this package with a function `results`, and runs in a process and a database of its own,
so that none leaves tables or memory to the next.
"""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import Result, table

HERE = Path(__file__).parent
HELPERS = frozenset({"__main__", "harness", "records", "corpus", "picture"})


def known() -> list[str]:
    """The names of all benchmarks."""
    return sorted(module.name for module in pkgutil.iter_modules([str(HERE)]) if module.name not in HELPERS)


def measure_here(name: str) -> None:
    """Run one benchmark in this process and print each result as a line of JSON.

    The database is made for it and gone afterwards, on PostgreSQL too: what is measured never writes where
    `DATABASE_URL` points.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.conf import settings
    from django.db import connection, connections

    django.setup()
    real_name = settings.DATABASES["default"]["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        found: Iterator[Result] = importlib.import_module(f"tests.benchmarks.{name}").results()
        for result in found:
            print(json.dumps([result.as_json(), result.spread]), flush=True)
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(real_name, verbosity=0)


def measure(name: str) -> Iterator[Result]:
    """Run one benchmark in a process of its own; RuntimeError with its last words when it fails."""
    command = [sys.executable, "-m", "tests.benchmarks", "--here", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("[{"):
                told, spread = json.loads(line)
                yield _result(told, spread)
    if process.returncode:
        raise RuntimeError(f"benchmark {name} failed")


def _result(told: dict[str, Any], spread: list[float] | None) -> Result:
    return Result(**told, spread=(spread[0], spread[1]) if spread else None)


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(prog="python3 -m portal bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(known())}")
    parser.add_argument("--json", action="store_true", help="print a JSON list and nothing else")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        measure_here(chosen.here)
        return 0
    strangers = sorted(set(chosen.names) - set(known()))
    if strangers:
        print(f"没有这些基准：{'、'.join(strangers)}。可以选：{'、'.join(known())}。", file=sys.stderr)
        return 2
    results = []
    for name in chosen.names or known():
        for result in measure(name):
            results.append(result)
            print(f"{name}: {result.name}", file=sys.stderr, flush=True)
    print(json.dumps([result.as_json() for result in results], ensure_ascii=False) if chosen.json else table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
