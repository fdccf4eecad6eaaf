"""What every store behind the port promises; each test runs against a folder and against a real S3 server."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.kernel.storage import BucketStorage, FolderStorage, Missing, NoAnswer, Storage
from tests.services.asked import only_when_asked
from tests.services.s3 import S3

BIG = 24 * 1024 * 1024


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    only_when_asked("S3")
    with S3() as running:
        yield running


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "files")
    return BucketStorage(request.getfixturevalue("server").url)


def a_key() -> str:
    return f"{secrets.token_hex(16)}.original"


@pytest.mark.parametrize("content", [b"", b"\x00\xff sealed", secrets.token_bytes(BIG)], ids=["empty", "bytes", "big"])
def test_what_is_written_is_read_as_it_was(store: Storage, content: bytes) -> None:
    key = a_key()
    store.write(key, content)
    assert store.read(key) == content


def test_two_copies_of_one_file_do_not_meet(store: Storage) -> None:
    name = secrets.token_hex(16)
    store.write(f"{name}.original", b"1")
    store.write(f"{name}.clean", b"2")
    assert (store.read(f"{name}.original"), store.read(f"{name}.clean")) == (b"1", b"2")


def test_what_is_not_there_is_missing(store: Storage) -> None:
    with pytest.raises(Missing):
        store.read(a_key())


def test_what_is_removed_is_gone_and_removing_it_again_is_harmless(store: Storage) -> None:
    key, other = a_key(), a_key()
    store.write(key, b"1")
    store.write(other, b"2")
    store.remove(key)
    store.remove(key)
    with pytest.raises(Missing):
        store.read(key)
    assert store.read(other) == b"2"


@pytest.mark.parametrize(
    "key", ["", "abc", "../secrets", "a/../../b", ".hidden", "name with blank", "名字.original", "a\x00bcd"]
)
def test_a_key_that_could_lead_elsewhere_is_an_error(store: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        store.write(key, b"1")
    with pytest.raises(ValueError, match="letters"):
        store.read(key)


def test_many_writers_at_once_lose_nothing(store: Storage) -> None:
    contents = {a_key(): secrets.token_bytes(10_000) for _ in range(24)}
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda item: store.write(*item), contents.items()))
        assert list(crowd.map(store.read, contents)) == list(contents.values())


def test_a_folder_that_cannot_be_written_gives_no_answer_and_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    with pytest.raises(NoAnswer):
        FolderStorage(tmp_path / "files").write(a_key(), b"1")
    assert (tmp_path / "files").read_text() == "in the way"


def test_a_server_that_is_gone_gives_no_answer_and_what_it_took_is_there_when_it_is_back() -> None:
    only_when_asked("S3")
    with S3() as server:
        store = BucketStorage(server.url)
        kept, lost = a_key(), a_key()
        store.write(kept, b"1")
        server.kill()
        for act in (lambda: store.write(lost, b"2"), lambda: store.read(kept), lambda: store.remove(kept)):
            with pytest.raises(NoAnswer):
                act()
        server.start()
        assert store.read(kept) == b"1"
        with pytest.raises(Missing):
            store.read(lost)


def test_a_wrong_secret_is_no_answer_and_never_nothing_there(server: S3) -> None:
    key = a_key()
    BucketStorage(server.url).write(key, b"1")
    stranger = BucketStorage(server.url.replace("only-for-tests", "guessed"))
    with pytest.raises(NoAnswer):
        stranger.read(key)
    with pytest.raises(NoAnswer):
        stranger.write(a_key(), b"2")
