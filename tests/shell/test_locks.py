"""What the locks promise: exact versions with hashes, and no address of anybody's registry."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "portal" / "requirements"
LOCKS = ("core", "dev", "node")
PINNED = re.compile(r"^([a-z0-9._-]+)(\[[a-z,]+\])?==\S+ \\$")


def _pinned(lock: str) -> set[str]:
    lines = (FOLDER / f"{lock}.lock").read_text().splitlines()
    return {match.group(1) for line in lines if (match := PINNED.match(line))}


def _wanted(lock: str) -> set[str]:
    lines = (FOLDER / f"{lock}.in").read_text().splitlines()
    return {re.split(r"[\[<>=]", line)[0].lower() for line in lines if line and not line.startswith("-")}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_contains_no_address(lock: str) -> None:
    text = (FOLDER / f"{lock}.lock").read_text()

    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|@ ", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (FOLDER / f"{lock}.lock").read_text().strip())

    assert all(PINNED.match(block.splitlines()[0]) for block in blocks)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_locked(lock: str) -> None:
    assert _wanted(lock) <= _pinned(lock)


def test_core_and_dev_agree_on_every_version_they_share() -> None:
    versions = [set(re.findall(r"^\S+==\S+", (FOLDER / f"{lock}.lock").read_text(), re.MULTILINE)) for lock in LOCKS]
    core, dev = versions[0], versions[1]
    shared = _pinned("core") & _pinned("dev")

    assert {pin for pin in core if pin.split("==")[0] in shared} == {pin for pin in dev if pin.split("==")[0] in shared}
