import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel import crypto, documents, events, files, jobs, people, typesetting
from portal.kernel.errors import Refused
from portal.kernel.models import Counter, Document, Organisation, User

pytestmark = pytest.mark.django_db
FORM = """#import "base.typ": *
#show: paper
#addressee(data.addressee)
您于 #data.received_on 提出的投诉收悉，决定予以受理。#data.more
#grounds(("甲", "乙"), chosen: 2)
"""
DATA = {"addressee": "林示例", "received_on": "2026 年 11 月 20 日", "more": ""}


@pytest.fixture
def bureau() -> Organisation:
    return Organisation.objects.create(
        code="papers", name="示例区市场监督管理局", short_name="示例局", kind="bureau", document_prefix="津示市监"
    )


@pytest.fixture(autouse=True)
def _forms(tmp_path: Path) -> Iterator[None]:
    form = tmp_path / "form.typ"
    form.write_text(FORM)
    broken = tmp_path / "broken.typ"
    broken.write_text('#import "base.typ": *\n#show: paper\n#data.nothing')
    documents.register("decision", template=form, title="受理决定书")
    documents.register("slip", template=form, title="回执", numbered=False)
    documents.register("broken", template=broken, title="写错的")
    yield
    for kind in ("decision", "slip", "broken"):
        del documents._forms[kind]


def issued(bureau: Organisation, kind: str = "decision", **data: Any) -> Document:
    with transaction.atomic():
        return documents.issue(kind, subject=bureau, data={**DATA, **data}, unit=bureau, actor=None)


@transaction.atomic
def _fail_after_issuing(bureau: Organisation) -> None:
    issued(bureau)
    raise RuntimeError("the service around it fails")


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_number_code_and_hash_exist_at_once_and_the_sheet_follows(bureau: Organisation) -> None:
    document = issued(bureau)

    assert (document.number, document.state, document.pdf_sha256) == ("津示市监〔2026〕1号", "owed", "")
    assert len(document.verify_code) == 8
    assert "林示例".encode() not in bytes(document.data_sealed)
    assert jobs.open_jobs().get().priority == jobs.Priority.DOCUMENT

    jobs.drain()
    document.refresh_from_db()

    assert (document.state, document.lacks_glyphs) == ("made", False)
    assert document.pdf is not None
    assert document.pdf_sha256 == document.pdf.clean_sha256
    assert files.name_of(document.pdf) == "受理决定书津示市监〔2026〕1号.pdf"
    assert [event.name for event in events.of(document)] == ["document.issued", "document.made"]


@time_machine.travel("2026-11-24 10:00+08:00", tick=False)
def test_a_sheet_is_archival_and_the_same_data_gives_the_same_bytes(bureau: Organisation) -> None:
    document = issued(bureau)
    first = documents._set(document_id=str(document.pk))
    second = documents._set(document_id=str(document.pk))

    assert first is not None
    assert first == second
    with pikepdf.open(io.BytesIO(first.pdf)) as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == "2B"
        assert metadata["dc:title"] == "受理决定书"


def test_numbers_run_without_gaps_per_unit_and_year(bureau: Organisation) -> None:
    other = Organisation.objects.create(
        code="papers2", name="另一局", short_name="另", kind="bureau", document_prefix="津另市监"
    )
    with time_machine.travel("2026-12-31 23:50+08:00", tick=False):
        assert issued(bureau).number == "津示市监〔2026〕1号"
        with pytest.raises(RuntimeError, match="the service around it"):
            _fail_after_issuing(bureau)
        assert issued(bureau).number == "津示市监〔2026〕2号"
        assert issued(other).number == "津另市监〔2026〕1号"
    with time_machine.travel("2027-01-01 00:10+08:00", tick=False):
        assert issued(bureau).number == "津示市监〔2027〕1号"


def test_a_receipt_takes_no_number(bureau: Organisation) -> None:
    assert issued(bureau, "slip").number is None
    assert issued(bureau, "slip").number is None
    assert Counter.objects.filter(series__startswith="paper:papers:").count() == 0


def test_markup_in_the_data_is_only_text(bureau: Organisation) -> None:
    evil = '#read("/etc/passwd") #panic() *粗* @ref <label> $x$ \\ ]'
    document = issued(bureau, more=evil)
    jobs.drain()

    document.refresh_from_db()
    assert document.state == "made"
    assert json.loads(crypto.unseal(document, "data_sealed"))["data"]["more"] == evil


def test_a_character_in_no_font_leaves_a_paper_that_says_so(bureau: Organisation) -> None:
    document = issued(bureau, addressee="林\U00031350")
    jobs.drain()

    document.refresh_from_db()
    assert (document.state, document.lacks_glyphs) == ("made", True)
    assert events.of(document).last().payload["archival"] is False  # type: ignore[union-attr]


def test_a_form_that_does_not_compile_is_loud_and_stays_owed(bureau: Organisation) -> None:
    document = issued(bureau, "broken")
    with pytest.raises(typesetting.CannotSet, match=r"broken\.typ"):
        documents._set(document_id=str(document.pk))

    jobs.drain()
    document.refresh_from_db()
    assert document.state == "owed"
    assert jobs.open_jobs().get().last_error == "CannotSet"


def test_a_made_paper_cannot_lose_its_sheet(bureau: Organisation) -> None:
    document = issued(bureau)
    jobs.drain()

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(pdf=None)


def test_a_paper_needs_a_transaction_and_a_prefix(bureau: Organisation, transactional_db: None) -> None:
    with pytest.raises(RuntimeError):
        documents.issue("decision", subject=bureau, data=DATA, unit=bureau, actor=None)
    bureau.document_prefix = ""
    with pytest.raises(ValueError, match="document prefix"):
        issued(bureau)
    assert Document.objects.count() == 0


def test_the_verify_page_vouches_without_naming_anybody(bureau: Organisation, client: Client) -> None:
    document = issued(bureau)
    jobs.drain()
    document.refresh_from_db()
    typed = f" {document.verify_code[:4].lower()} - {document.verify_code[4:].lower()} "

    page = client.get("/verify/", {"code": typed}, follow=True)
    text = page.content.decode().replace("<wbr>", "")

    assert page.status_code == 200
    for shown in ("受理决定书", str(document.number), "示例区市场监督管理局", document.pdf_sha256, "有效"):
        assert shown in text
    assert "林示例" not in text
    assert client.get(f"/verify/{document.verify_code}/").status_code == 200


def test_the_verify_page_says_when_a_paper_was_revoked(bureau: Organisation, client: Client) -> None:
    document = issued(bureau)
    with transaction.atomic():
        documents.revoke(document_id=document.pk, who=None, reason="wrong_party")
    jobs.drain()

    document.refresh_from_db()
    assert (document.state, document.pdf) == ("revoked", None)
    assert "已撤销" in client.get(f"/verify/{document.verify_code}/").content.decode()


@pytest.mark.parametrize("code", ["ZZZZ-ZZZZ", "1", "!!!", "x" * 300, "林示例"])
def test_an_unknown_code_gets_a_clear_sentence(code: str, client: Client) -> None:
    page = client.get("/verify/", {"code": code}, follow=True)

    assert page.status_code == 404
    assert "没有查到" in page.content.decode()


def test_nobody_tries_codes_by_the_hundred(bureau: Organisation, client: Client) -> None:
    answers = [client.get(f"/verify/{n:08d}/").status_code for n in range(31)]

    assert set(answers[:30]) == {404}
    assert answers[30] == 429


def test_a_paper_not_yet_made_asks_for_a_moment(bureau: Organisation, client: Client) -> None:
    document = issued(bureau)
    documents.register_subject("kernel.organisation", lambda _document, _who: True)
    client.force_login(people.citizen("13900000002"), backend=people.BACKEND)
    try:
        page = client.get(f"/papers/{document.public_id}/")
    finally:
        del documents._readers["kernel.organisation"]

    assert (page.status_code, page["Retry-After"]) == (202, "3")
    assert "正在制作" in page.content.decode()


def test_only_whom_the_subject_lets_in_opens_a_paper(bureau: Organisation, client: Client) -> None:
    document = issued(bureau)
    jobs.drain()
    reader = User.objects.create(kind="citizen", phone_index="r" * 64)
    documents.register_subject("kernel.organisation", lambda _document, who: who == reader)
    try:
        with pytest.raises(Refused, match="not_found"):
            documents.readable(document.public_id, who=AnonymousUser())
        assert client.get(f"/papers/{document.public_id}/")["Location"].startswith("/login/?next=/papers/")
        client.force_login(people.citizen("13900000002"), backend=people.BACKEND)
        assert client.get(f"/papers/{document.public_id}/").status_code == 404

        client.force_login(reader, backend=people.BACKEND)
        sheet = client.get(f"/papers/{document.public_id}/")
    finally:
        del documents._readers["kernel.organisation"]

    assert sheet.status_code == 200
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet["Content-Disposition"].startswith("attachment")
    assert b"".join(sheet.streaming_content)[:5] == b"%PDF-"  # type: ignore[attr-defined]


def test_a_qr_is_inline_svg_without_style() -> None:
    picture = documents.qr_svg("https://example.cn/verify/K7F29QMT/", label='验真"<')

    assert picture.startswith('<svg role="img" aria-label="验真&quot;&lt;"')
    assert "style=" not in picture
    assert 'class="qr"' in picture
