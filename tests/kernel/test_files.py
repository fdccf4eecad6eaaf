import io
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from portal.kernel import clock, files, jobs, people, storage
from portal.kernel.errors import Refused
from portal.kernel.models import Organisation, Upload, User

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def owner() -> Organisation:
    return Organisation.objects.create(code="files-owner", name="示例局", short_name="示例", kind="bureau")


def a_photo(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, form, **options)
    return out.getvalue()


def a_located_photo() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "示例手机"
    exif[0x8825] = {1: "N", 2: (IFDRational(39), IFDRational(7), IFDRational(0)), 3: "E", 4: (117, 12, 0)}
    return a_photo(exif=exif.tobytes())


def a_pdf(**extras: Callable[[pikepdf.Pdf], None]) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    for extra in extras.values():
        extra(pdf)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def accept(content: bytes, owner: Organisation | None, name: str = "小票.jpg") -> Upload:
    return files.accept(SimpleUploadedFile(name, content), owner=owner, who=NOBODY)


def test_a_photo_is_kept_sealed_and_its_clean_copy_says_nothing_of_where_it_was_taken(owner: Organisation) -> None:
    content = a_located_photo()
    upload = accept(content, owner)

    assert (upload.kind, upload.size, upload.state) == ("jpeg", len(content), "unscanned")
    assert files.original_of(upload) == content
    with Image.open(io.BytesIO(files.content_of(upload))) as shown:
        assert shown.size == (20, 40)
        assert not shown.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(shown.info)


def test_nothing_of_a_file_lies_readable_on_the_disk(owner: Organisation) -> None:
    upload = accept(a_photo(), owner, "林示例的小票.jpg")

    stored = [storage.storage().read(f"{upload.pk.hex}.{copy}") for copy in ("original", "clean")]
    assert all(b"JFIF" not in content for content in stored)
    assert "林示例".encode() not in bytes(upload.name_sealed)
    assert files.name_of(upload) == "林示例的小票.jpg"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_photo("PNG"), "png"),
        (a_photo("PNG", mode="RGBA"), "png"),
        (a_photo("PNG", mode="P"), "png"),
        (a_photo("WEBP"), "webp"),
        (a_photo("JPEG", mode="CMYK"), "jpeg"),
        (a_photo("JPEG", mode="L"), "jpeg"),
        (a_pdf(), "pdf"),
    ],
)
def test_what_a_file_is_is_known_by_its_content(content: bytes, kind: str, owner: Organisation) -> None:
    assert accept(content, owner, "随便.exe").kind == kind


def test_a_long_picture_is_made_smaller(owner: Organisation) -> None:
    upload = accept(a_photo("PNG", size=(6000, 30)), owner)

    with Image.open(io.BytesIO(files.content_of(upload))) as shown:
        assert shown.size == (4096, 20)


def test_text_blocks_of_a_png_are_gone(owner: Organisation) -> None:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_itxt("Comment", "13900001111")
    upload = accept(a_photo("PNG", pnginfo=note), owner)

    assert b"13900001111" not in files.content_of(upload)


def _with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(
            Names=["x", pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="evil()"))]
        )
    )


def _with_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = pdf.make_indirect(
        pikepdf.Array(
            [
                pdf.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Link,
                        Rect=[0, 0, 10, 10],
                        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://evil.example/"),
                    )
                )
            ]
        )
    )
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))


def _with_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["名单.txt"] = b"13900001111"
    pdf.docinfo["/Author"] = "林示例"


def test_a_pdf_loses_scripts_actions_attachments_and_properties(owner: Organisation) -> None:
    upload = accept(a_pdf(a=_with_script, b=_with_link, c=_with_attachment), owner, "合同.pdf")

    with pikepdf.open(io.BytesIO(files.content_of(upload))) as shown:
        assert len(shown.pages) == 1
        assert len(shown.attachments) == 0
        assert "/Info" not in shown.trailer
        text = "".join(repr(thing) for thing in shown.objects)
    for word in ("JavaScript", "evil", "Launch", "cmd.exe", "13900001111", "林示例"):
        assert word not in text


def a_huge_png_header() -> bytes:
    whole = a_photo("PNG", size=(10, 10))
    import zlib

    header = struct.pack("!IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return whole[:8] + struct.pack("!I", 13) + chunk + struct.pack("!I", zlib.crc32(chunk)) + whole[33:]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.jpg", "file_empty"),
        (b"MZ\x90\x00" + b"x" * 500, "小票.jpg", "file_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "图.svg", "file_kind"),
        (b"<html><script>alert(1)</script>", "小票.pdf", "file_kind"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 300, "照片.heic", "file_kind"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 300, "录像.mp4", "file_kind"),
        (a_photo(size=(300, 300))[:400], "半张.jpg", "file_damaged"),
        (b"%PDF-1.7\nnothing more", "坏的.pdf", "file_damaged"),
        (a_huge_png_header(), "炸弹.png", "file_too_many_pixels"),
        (b"\xff\xd8\xff" + b"x" * (20 * 1024 * 1024), "大.jpg", "file_too_large"),
    ],
)
def test_a_file_that_will_not_do_is_refused_by_name_and_nothing_is_kept(
    content: bytes, name: str, code: str, owner: Organisation
) -> None:
    with pytest.raises(Refused) as refusal:
        accept(content, owner, name)

    assert refusal.value.code == code
    assert refusal.value.field == "files"
    assert name in str(refusal.value.sentence)
    assert files.of(owner).count() == 0
    assert jobs.open_jobs().count() == 0


def test_a_locked_pdf_is_refused_with_the_way_out(owner: Organisation) -> None:
    out = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(Refused, match="file_locked") as refusal:
        accept(out.getvalue(), owner, "合同.pdf")
    assert "去掉密码" in str(refusal.value.sentence)


def test_the_eleventh_file_is_refused_until_one_is_removed(owner: Organisation) -> None:
    uploads = [accept(a_photo(), owner, f"{n}.jpg") for n in range(10)]
    with pytest.raises(Refused, match="file_too_many"):
        accept(a_photo(), owner)

    files.remove(uploads[0])

    assert accept(a_photo(), owner) in files.of(owner)
    assert files.of(owner).count() == 10


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\林示例\\小票.jpg", "小票.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe\n", "agpj.exe"),
        ("", "未命名的文件"),
        ("长" * 300 + ".jpg", "长" * 96 + ".jpg"),
    ],
)
def test_only_the_plain_name_is_kept(given: str, kept: str) -> None:
    assert files._plain_name(given) == kept


def test_removed_bytes_are_gone_after_the_commit(
    owner: Organisation, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    upload = accept(a_photo(), owner)
    with django_capture_on_commit_callbacks(execute=True):
        files.remove(upload)

    with pytest.raises(storage.Missing):
        files.original_of(upload)


def test_a_draft_hands_its_files_to_the_case(owner: Organisation) -> None:
    upload = accept(a_photo(), None)
    files.hand_over(upload, to=owner)

    assert list(files.of(owner)) == [upload]


def test_only_whom_the_owner_lets_in_may_read(owner: Organisation) -> None:
    upload = accept(a_photo(), owner)
    reader = User.objects.create(kind="staff", username="reader")

    with pytest.raises(Refused, match="not_found"):
        files.readable(upload.public_id, who=reader)

    files.register_owner("kernel.organisation", lambda _upload, who: who == reader)
    try:
        assert files.readable(upload.public_id, who=reader) == upload
        with pytest.raises(Refused, match="not_found"):
            files.readable(upload.public_id, who=NOBODY)
        with pytest.raises(Refused, match="not_found"):
            files.readable("nothing", who=reader)
    finally:
        del files._owners["kernel.organisation"]


def test_the_address_of_a_file_opens_for_its_readers_only(owner: Organisation, client: Client) -> None:
    upload = accept(a_photo(), owner)
    reader, stranger = people.citizen("13900000001"), people.citizen("13900000002")
    files.register_owner("kernel.organisation", lambda _upload, who: who == reader)
    try:
        assert client.get(f"/files/{upload.public_id}/")["Location"].startswith("/login/?next=/files/")
        client.force_login(stranger, backend=people.BACKEND)
        assert client.get(f"/files/{upload.public_id}/").status_code == 404
        client.force_login(reader, backend=people.BACKEND)
        answer = client.get(f"/files/{upload.public_id}/?inline=1")
    finally:
        del files._owners["kernel.organisation"]

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_unscanned_file_is_a_download_and_a_scanned_picture_may_be_shown(owner: Organisation) -> None:
    upload = accept(a_photo(), owner, "小票.exe")
    download = files.serve(upload, is_inline=True)

    assert download["Content-Disposition"].startswith("attachment; ")
    assert "%E5%B0%8F%E7%A5%A8.jpg" in download["Content-Disposition"]
    assert download["X-Content-Type-Options"] == "nosniff"
    assert download["Content-Type"] == "image/jpeg"
    assert b"".join(download.streaming_content) == files.content_of(upload)  # type: ignore[arg-type]

    upload.state = Upload.State.CLEAN
    assert files.serve(upload, is_inline=True)["Content-Disposition"].startswith("inline")
    assert files.serve(upload)["Content-Disposition"].startswith("attachment")

    upload.state = Upload.State.REFUSED
    with pytest.raises(Refused, match="not_found"):
        files.serve(upload)


def test_the_bytes_of_one_file_do_not_open_as_another(owner: Organisation) -> None:
    from portal.kernel.crypto import CannotOpen

    one, other = accept(a_photo(), owner), accept(a_photo(), owner)
    there = storage.storage()
    there.write(f"{other.pk.hex}.clean", there.read(f"{one.pk.hex}.clean"))

    with pytest.raises(CannotOpen):
        files.content_of(other)


def test_without_a_scanner_a_file_stays_unscanned(owner: Organisation) -> None:
    upload = accept(a_photo(), owner)

    assert jobs.drain() == 1
    upload.refresh_from_db()
    assert upload.state == "unscanned"


class Clamd(socketserver.StreamRequestHandler):
    """Speaks clamd's INSTREAM, and finds a virus in what contains EVIL."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.wfile.write(b"stream: Evil FOUND\0" if b"EVIL" in content else b"stream: OK\0")


@pytest.fixture
def clamd(settings: Any) -> Iterator[None]:
    with socketserver.TCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield
        server.shutdown()


@pytest.mark.usefixtures("clamd")
def test_the_scanner_frees_a_clean_file_and_shuts_an_infected_one_away(owner: Organisation) -> None:
    good = accept(a_photo(), owner)
    bad = accept(a_photo("JPEG", comment=b"EVIL"), owner)
    jobs.drain()

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == ("clean", "refused")
    assert good.scanned_at is not None


def test_a_scanner_that_does_not_answer_leaves_the_file_unscanned_and_the_job_owed(
    owner: Organisation, settings: Any
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    upload = accept(a_photo(), owner)
    jobs.drain()

    upload.refresh_from_db()
    assert upload.state == "unscanned"
    owed = jobs.open_jobs().get()
    assert (owed.attempts, owed.due_at > clock.now()) == (0, True)
