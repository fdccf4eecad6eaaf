"""The append-only transparency log: what was published or taken down, provable and forgettable."""

import hashlib
import json
import secrets
from collections.abc import Iterator

from portal.kernel import clock, numbers
from publicity.models import Disclosure, LogLeaf


def published_content(disclosure: Disclosure) -> str:
    """The canonical text that a leaf commits to: exactly what the public page shows of a record."""
    shown = {
        "id": disclosure.public_id,
        "shop": disclosure.shop.public_id,
        "unit": disclosure.unit.code,
        "district": disclosure.district,
        "problem": disclosure.problem,
        "object": disclosure.object_class,
        "sale_mode": disclosure.sale_mode,
        "outcome": disclosure.outcome,
        "closed_on": disclosure.closed_on.isoformat(),
        "summary": disclosure.summary,
    }
    return json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def leaf_hash(salt: str, kind: str, content: str) -> str:
    """The salted commitment of one leaf."""
    return hashlib.sha256(f"{salt}|{kind}|{content}".encode()).hexdigest()


def _head(previous: str, leaf: str) -> str:
    return hashlib.sha256(f"{previous}|{leaf}".encode()).hexdigest()


def append(disclosure: Disclosure, kind: str) -> LogLeaf:
    """Add a leaf in the caller's transaction; places are without gaps because they are taken under a lock."""
    index = numbers.next_number("transparency.log")
    last = LogLeaf.objects.filter(index=index - 1).first()
    salt = secrets.token_hex(32)
    leaf = leaf_hash(salt, kind, published_content(disclosure))
    previous = last.head if last else ""
    return LogLeaf.objects.create(
        index=index,
        disclosure=disclosure,
        kind=kind,
        salt=salt,
        leaf_hash=leaf,
        previous=previous,
        head=_head(previous, leaf),
        at=clock.now(),
    )


def broken_log() -> Iterator[str]:
    """Every place where the log does not prove itself, or a public record differs from what its leaf commits to."""
    previous = ""
    for expected, leaf in enumerate(
        LogLeaf.objects.select_related("disclosure__shop", "disclosure__unit").order_by("index"), 1
    ):
        if leaf.index != expected or leaf.previous != previous or leaf.head != _head(previous, leaf.leaf_hash):
            yield f"leaf {leaf.index}: does not follow its predecessor"
        is_current = leaf.kind == "published" and leaf.disclosure.state == Disclosure.State.PUBLISHED
        if (
            is_current
            and leaf.salt
            and leaf.leaf_hash != leaf_hash(leaf.salt, leaf.kind, published_content(leaf.disclosure))
        ):
            yield f"leaf {leaf.index}: the public record differs from what was published"
        previous = leaf.head
