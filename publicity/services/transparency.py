"""The append-only transparency log: what was published, moved or taken down, provable and forgettable.

A leaf is SHA-256(salt|kind|content), a head SHA-256(previous head|leaf); `publicity/verify_log.py` checks both from the
outside, with what the API hands out.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator

from portal.kernel import clock, numbers
from portal.kernel.models import Counter
from publicity.models import Disclosure, LogLeaf

SERIES = "transparency.log"
PUBLISHED = "published"
MOVED = "moved"
REMOVED = "removed"
EXPIRED = "expired"
COMMITTING = (PUBLISHED, MOVED)
"""The kinds whose leaf commits to a record that is public afterwards."""


def published_content(disclosure: Disclosure) -> str:
    """The canonical text that a leaf commits to: a record's own words and codes, shop and body by their ids."""
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


def head_after(previous: str, leaf: str) -> str:
    """The head of the chain once *leaf* stands behind *previous*."""
    return hashlib.sha256(f"{previous}|{leaf}".encode()).hexdigest()


def append(disclosure: Disclosure, kind: str) -> LogLeaf:
    """Add a leaf in the caller's transaction; places are without gaps because they are taken under a lock."""
    index = numbers.next_number(SERIES)
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
        head=head_after(previous, leaf),
        at=clock.now(),
    )


def erase(disclosure: Disclosure) -> None:
    """Destroy the salts of a record: its leaves still prove the chain, but no text can be tried against them."""
    disclosure.leaves.exclude(salt="").update(salt="")


def broken_log() -> Iterator[str]:
    """Every place where the log does not prove itself, or a public record differs from what its leaf commits to."""
    previous, last = "", 0
    committed: dict[int, LogLeaf] = {}
    for leaf in LogLeaf.objects.order_by("index").iterator(chunk_size=2000):
        last += 1
        if leaf.index != last or leaf.previous != previous or leaf.head != head_after(previous, leaf.leaf_hash):
            yield f"leaf {leaf.index}: does not follow its predecessor"
        if leaf.kind in COMMITTING:
            committed[leaf.disclosure_id] = leaf
        else:
            committed.pop(leaf.disclosure_id, None)
        previous, last = leaf.head, leaf.index
    counter = Counter.objects.filter(series=SERIES).first()
    if counter is not None and counter.last != last:
        yield f"leaf {counter.last}: is missing at the end"
    public = Disclosure.objects.filter(state=Disclosure.State.PUBLISHED).select_related("shop", "unit").order_by("pk")
    for record in public.iterator(chunk_size=1000):
        found = committed.pop(record.pk, None)
        if found is None:
            yield f"record {record.public_id}: is public without a leaf"
        elif found.leaf_hash != leaf_hash(found.salt, found.kind, published_content(record)):
            yield f"leaf {found.index}: the public record differs from what was published"
    for leaf in committed.values():
        yield f"leaf {leaf.index}: says public what is not"
