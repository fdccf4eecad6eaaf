"""Verify the portal's transparency log from the outside: `python3 verify_log.py https://the.portal [record id …]`.

Needs Python 3.9 or newer and nothing else. It reads the whole log, checks that every line locks the ones before it, and
that each record named says today exactly what was published. Keep the head it prints: a later run that no longer passes
through it (`--seen HEAD`) has met a log that was rewritten.
"""

import argparse
import hashlib
import json
import sys
import urllib.parse
import urllib.request
from typing import Any


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(portal: str, path: str) -> Any:
    address = urllib.parse.urljoin(portal, path)
    if not address.startswith(("http://", "https://")):
        raise SystemExit(f"not an address of a portal: {portal}")
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def lines_of(portal: str) -> dict[int, Any]:
    """Every line of the log by its number, once each is found to follow from the one before."""
    lines: dict[int, Any] = {}
    head = ""
    while True:
        page = read(portal, f"/api/v1/transparency-log?after={len(lines)}")
        for line in page["results"]:
            if line["index"] != len(lines) + 1 or line["previous"] != head:
                raise SystemExit(f"line {line['index']} does not follow the line before it")
            head = sha256(f"{head}|{line['leaf']}")
            if line["head"] != head:
                raise SystemExit(f"line {line['index']} does not lock the lines before it")
            lines[line["index"]] = line
        if not page["next"]:
            return lines


def check(portal: str, record_id: str, lines: dict[int, Any]) -> None:
    """That the log commits to what the record says."""
    record = read(portal, f"/api/v1/disclosures/{urllib.parse.quote(record_id, safe='')}")
    proof = record["proof"]
    leaf = sha256(f"{proof['salt']}|{proof['kind']}|{record['content']}")
    if leaf != proof["leaf"] or leaf != lines[proof["index"]]["leaf"]:
        raise SystemExit(f"{record_id}: the record differs from what was published")
    told = json.loads(record["content"])
    alike = {"id": "id", "shop": "shop_id", "object": "object_class"}
    for name, value in told.items():
        if record[alike.get(name, name)] != value:
            raise SystemExit(f"{record_id}: {name} differs from what was published")
    sys.stdout.write(f"{record_id}: as published, line {proof['index']}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Verify the portal's transparency log.")
    parser.add_argument("portal", help="its address, such as https://the.portal")
    parser.add_argument("records", nargs="*", help="ids of public records")
    parser.add_argument("--seen", default="", help="a head noted earlier")
    asked = parser.parse_args()
    lines = lines_of(asked.portal)
    heads = {line["head"] for line in lines.values()}
    if asked.seen and asked.seen not in heads:
        raise SystemExit("the head noted earlier is no longer in the log: it was rewritten")
    for record_id in asked.records:
        check(asked.portal, record_id, lines)
    last = lines[len(lines)]["head"] if lines else "(empty)"
    sys.stdout.write(f"{len(lines)} lines, each locks the ones before it; head {last}\n")


if __name__ == "__main__":
    main()
