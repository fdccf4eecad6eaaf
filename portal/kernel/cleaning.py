"""What may come in as a file, and how it is made harmless: known by its content, decoded and written anew."""

import io
from dataclasses import dataclass
from typing import Any

import filetype
import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from portal.kernel.errors import Refused
from portal.kernel.models.upload import Upload

MOST_PIXELS = 50_000_000
LONGEST_EDGE = 4096
MOST_PAGES = 300
KINDS = {
    "image/jpeg": Upload.Kind.JPEG,
    "image/png": Upload.Kind.PNG,
    "image/webp": Upload.Kind.WEBP,
    "application/pdf": Upload.Kind.PDF,
}
FORMATS = {Upload.Kind.JPEG: "JPEG", Upload.Kind.PNG: "PNG", Upload.Kind.WEBP: "WEBP"}
ACTIVE = (
    "/AA",
    "/A",
    "/OpenAction",
    "/JS",
    "/JavaScript",
    "/Launch",
    "/EmbeddedFiles",
    "/EF",
    "/AF",
    "/RichMediaContent",
)
ROOT_EXTRAS = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF", "/Collection", "/Metadata", "/URI", "/Requirements")


@dataclass(frozen=True)
class Clean:
    """A file made anew: what it is and its harmless bytes."""

    kind: Upload.Kind
    content: bytes


def clean(content: bytes, name: str, *, field: str) -> Clean:
    """Make *content* anew; refused, with the file's name in the sentence, when it is none of the kinds or damaged."""
    kind = kind_of(content)
    if kind is None:
        raise _unknown_kind(content, name, field)
    made = _pdf(content, name, field) if kind == Upload.Kind.PDF else _image(content, kind, name, field)
    return Clean(kind, made)


def kind_of(content: bytes) -> Upload.Kind | None:
    """What the bytes themselves say they are; neither the name nor the sender is asked."""
    return KINDS.get(filetype.guess_mime(content[:4096]) or "")


def _unknown_kind(content: bytes, name: str, field: str) -> Refused:
    found = filetype.guess_mime(content[:4096]) or ""
    if found in ("image/heic", "image/heif", "image/avif"):
        sentence = _("“%(name)s”是苹果手机的 HEIC 照片，暂时收不了。请截一张图，或者转成 JPEG 后再传。")
    elif found.startswith(("video/", "audio/")):
        sentence = _("“%(name)s”是视频或者录音，暂时收不了。请传照片、截图或者 PDF。")
    else:
        sentence = _("“%(name)s”不是照片或者 PDF。请传 JPEG、PNG、WebP 照片或者 PDF 文件。")
    return Refused("file_kind", sentence % {"name": name}, field=field, status=400)


def _damaged(name: str, field: str) -> Refused:
    return Refused(
        "file_damaged",
        _("“%(name)s”打不开，可能没有传完整。请重新拍照或者换一个文件。") % {"name": name},
        field=field,
        status=400,
    )


def _too_big(name: str, field: str) -> Refused:
    return Refused(
        "file_too_many_pixels",
        _("“%(name)s”的尺寸太大，展开后超过 5,000 万像素。请缩小以后再传。") % {"name": name},
        field=field,
        status=400,
    )


def _image(content: bytes, kind: Upload.Kind, name: str, field: str) -> bytes:
    """The picture alone: turned upright, at most 4096 px long, without EXIF, place, thumbnail or text blocks."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_big(name, field)
            opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(opened)
            has_alpha = kind != Upload.Kind.JPEG and ("A" in upright.getbands() or "transparency" in upright.info)
            plain = upright.convert("RGBA" if has_alpha else "RGB")
    except Image.DecompressionBombError as error:
        raise _too_big(name, field) from error
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError) as error:
        raise _damaged(name, field) from error
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    options: dict[str, Any] = {} if kind == Upload.Kind.PNG else {"quality": 88}
    bare.save(out, FORMATS[kind], **options)
    return out.getvalue()


def _pdf(content: bytes, name: str, field: str) -> bytes:
    """The pages as they print: forms and notes drawn into them, scripts, actions, attachments and properties gone."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Refused(
                    "file_too_many_pages",
                    _("“%(name)s”超过 300 页，请只传有关的页。") % {"name": name},
                    field=field,
                    status=400,
                )
            _flatten(pdf)
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused(
            "file_locked",
            _("“%(name)s”加了密码，打不开。请去掉密码以后再传。") % {"name": name},
            field=field,
            status=400,
        ) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError) as error:
        raise _damaged(name, field) from error


def _flatten(pdf: pikepdf.Pdf) -> None:
    pdf.generate_appearance_streams()
    pdf.flatten_annotations()
    for page in pdf.pages:
        for key in ("/Annots", "/AA"):
            if key in page.obj:
                del page.obj[key]
    for key in ROOT_EXTRAS:
        if key in pdf.Root:
            del pdf.Root[key]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for key in ACTIVE:
                if key in thing:
                    del thing[key]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    pdf.remove_unreferenced_resources()
