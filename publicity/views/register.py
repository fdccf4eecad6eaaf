"""The public register: list, record, log, export."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.kernel import access, clock
from portal.kernel.errors import Refused
from publicity import labels
from publicity.forms.register import RegisterForm
from publicity.models import LogLeaf
from publicity.selectors import register as selectors
from publicity.services import exports
from publicity.views.facets import facet_groups, without


@access.public
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The list with words, six facets, order and a cursor. A query that cannot be read is answered with its sentence."""
    form = RegisterForm(request.GET)
    wanted = form.wanted(request.GET)
    try:
        page = selectors.find(who=request.user, wanted=wanted)
        refused = None
    except Refused as caught:
        page, refused = None, caught
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "refused": refused,
        "groups": facet_groups(request.GET, page),
        "chosen": without(request.GET, wanted),
        "words": labels.words(),
    }
    return render(request, "publicity/register.html", context, status=400 if refused else 200)


@access.public
@require_GET
def disclosure(request: HttpRequest, public_id: str) -> HttpResponse:
    """One record, with the shop, the bureau and its place in the transparency log."""
    record = selectors.record(who=request.user, public_id=public_id)
    leaf = record.leaves.filter(kind="published").order_by("-index").first()
    return render(request, "publicity/disclosure.html", {"record": record, "leaf": leaf, "words": labels.words()})


@access.public
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """The newest lines of the transparency log and how to verify them."""
    leaves = LogLeaf.objects.select_related("disclosure").order_by("-index")[:100]
    return render(request, "publicity/log.html", {"leaves": leaves})


@access.public
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every record that the filter finds, as streamed CSV."""
    wanted = RegisterForm(request.GET).wanted(request.GET)
    rows = selectors.walk(who=request.user, wanted=wanted)
    response = StreamingHttpResponse(exports.rows_as_csv(rows, labels.words()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="register-{clock.today():%Y%m%d}.csv"'
    return response
