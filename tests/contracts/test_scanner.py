"""Files under a real scanner: clean ones are shown, infected ones never, and while it is away nothing is decided."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.kernel import clock, files, jobs, scanner
from portal.kernel.errors import Refused
from portal.kernel.models import Job, Organisation, Upload
from tests.services.asked import only_when_asked
from tests.services.clamd import EICAR, Clamd
from tests.services.machine import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    only_when_asked("clamd")
    with Clamd() as running:
        yield running


@pytest.fixture
def owner() -> Organisation:
    return Organisation.objects.create(code="scan-owner", name="示例局", short_name="示例", kind="bureau")


def a_photo(extra: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return out.getvalue() + extra


def accepted(owner: Organisation, content: bytes) -> Upload:
    return files.accept(SimpleUploadedFile("小票.png", content), owner=owner, who=AnonymousUser())


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
def test_whatever_its_size_a_harmless_file_is_clean(clamd: Clamd, settings: Any, size: int) -> None:
    settings.CLAMD_URL = clamd.url
    assert scanner.scan(b"a" * size) is scanner.Verdict.CLEAN


def test_the_test_virus_is_found(clamd: Clamd, settings: Any) -> None:
    settings.CLAMD_URL = clamd.url
    assert scanner.scan(EICAR) is scanner.Verdict.INFECTED


def test_a_file_waits_for_its_verdict_and_is_then_shown(clamd: Clamd, settings: Any, owner: Organisation) -> None:
    settings.CLAMD_URL = clamd.url
    upload = accepted(owner, a_photo())
    with pytest.raises(Refused, match="file_waiting"):
        files.serve(upload)

    jobs.drain()
    upload.refresh_from_db()
    assert upload.state == Upload.State.CLEAN
    assert files.serve(upload, is_inline=True)["Content-Disposition"].startswith("inline")


def test_an_infected_file_is_never_handed_out(
    clamd: Clamd, settings: Any, owner: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = clamd.url
    monkeypatch.setattr(files, "original_of", lambda upload: EICAR)
    upload = accepted(owner, a_photo())

    jobs.drain()
    upload.refresh_from_db()
    assert upload.state == Upload.State.REFUSED
    with pytest.raises(Refused, match="not_found"):
        files.serve(upload)


@pytest.mark.parametrize("minutes_away", [1, 90])
def test_while_the_scanner_is_away_a_file_waits_neither_accepted_nor_lost(
    clamd: Clamd, settings: Any, owner: Organisation, minutes_away: int
) -> None:
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_port()}"
    upload = accepted(owner, a_photo())
    start = clock.now()
    with time_machine.travel(start, tick=False) as moment:
        for _ in range(minutes_away):
            jobs.drain()
            moment.shift(timedelta(seconds=61))
        upload.refresh_from_db()
        assert upload.state == Upload.State.UNSCANNED
        owed = Job.objects.get(name="files.scan")
        assert (owed.done_at, owed.given_up_at) == (None, None)
        with pytest.raises(Refused, match="file_waiting"):
            files.serve(upload)

        settings.CLAMD_URL = clamd.url
        jobs.drain()
    upload.refresh_from_db()
    assert upload.state == Upload.State.CLEAN
