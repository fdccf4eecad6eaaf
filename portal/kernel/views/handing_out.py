"""Files and papers, to those whom their owner's rule lets in."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.kernel import access, documents, files


@access.signed_in
@require_safe
def file(request: HttpRequest, public_id: str) -> FileResponse:
    """One file's clean copy, as a download; `?inline=1` shows a scanned picture in place."""
    is_inline = request.GET.get("inline") == "1"
    upload = files.handed_out(public_id, who=request.user, is_inline=is_inline)
    return files.serve(upload, is_inline=is_inline)


@access.signed_in
@never_cache
@require_safe
def paper(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """One issued paper as PDF, or a page that asks for a moment while it is being made."""
    document = documents.handed_out(public_id, who=request.user)
    if document.pdf is None:
        context = {"document": document, "title": documents.title_of(document), "code": documents.shown_code(document)}
        response: HttpResponse = render(request, "kernel/paper_pending.html", context, status=202)
        response["Retry-After"] = "3"
        return response
    return files.serve(document.pdf)
