"""`/api/v1/complaints`: file a complaint with an idempotency key, and ask where one's own stands."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes, throttle_classes
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.throttling import UserRateThrottle

from complaints.filing_rules import ID_TYPES, SALE_MODES
from complaints.models import Case
from complaints.rules import CLAIMS
from complaints.selectors.mine import filed_by
from complaints.selectors.timeline import Side, timeline
from complaints.services import intake
from complaints.services.filing import Filing, wrong
from portal.kernel import access, files
from portal.kernel.access import require_person
from portal.kernel.errors import Refused
from portal.kernel.models import User
from publicity.selectors.shops import shop_of

KINDS = frozenset({User.Kind.CLIENT.value, User.Kind.CITIZEN.value, User.Kind.MERCHANT.value})
ALLOWED = access.Allowed(kinds=KINDS)


class ComplaintIn(serializers.Serializer[Any]):
    """A complaint. What the law asks for is checked after the shape: a gap is a 422 that names the field (办法10).

    The shop is `shop`, a public id from the look-up, or `shop_name`, `shop_address` and `district`. Amounts are whole
    fen. `upload_ids` are ids from `/api/v1/uploads`.
    """

    shop = serializers.CharField(required=False, allow_blank=True, max_length=20)
    shop_name = serializers.CharField(required=False, allow_blank=True)
    shop_address = serializers.CharField(required=False, allow_blank=True)
    shop_phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    district = serializers.CharField(required=False, allow_blank=True, max_length=6)
    facts = serializers.CharField(required=False, allow_blank=True)
    purchased_on = serializers.DateField(required=False)
    paid_fen = serializers.IntegerField(required=False)
    claims = serializers.ListField(child=serializers.ChoiceField(choices=list(CLAIMS)), required=False)
    claimed_fen = serializers.IntegerField(required=False)
    problem = serializers.CharField(required=False, allow_blank=True, max_length=8)
    object_class = serializers.CharField(required=False, allow_blank=True, max_length=12)
    sale_mode = serializers.ChoiceField(choices=list(SALE_MODES), required=False, allow_blank=True)
    topic = serializers.CharField(required=False, allow_blank=True, max_length=30)
    name = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    address = serializers.CharField(required=False, allow_blank=True)
    id_type = serializers.ChoiceField(choices=list(ID_TYPES), required=False, allow_blank=True)
    id_number = serializers.CharField(required=False, allow_blank=True, max_length=40)
    agrees_to_disclosure = serializers.BooleanField(required=False)
    agrees_to_delegation = serializers.BooleanField(required=False)
    upload_ids = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=50)
    source_system = serializers.CharField(required=False, allow_blank=True, max_length=30)
    source_no = serializers.CharField(required=False, allow_blank=True, max_length=60)
    source_received_on = serializers.DateField(required=False)


class StepOut(serializers.Serializer[Any]):
    """One step of the story: past, now or ahead, in the words of the reader's language."""

    state = serializers.ChoiceField(choices=["past", "now", "ahead"])
    when = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()


class ClockOut(serializers.Serializer[Any]):
    """The statutory period that runs; a provisional day may still move."""

    code = serializers.CharField()
    due_on = serializers.DateField()
    provisional = serializers.BooleanField()


class ComplaintOut(serializers.Serializer[Any]):
    """Where a complaint stands."""

    id = serializers.CharField()
    number = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=Case.State.values)
    state_text = serializers.CharField()
    received_at = serializers.DateTimeField()
    headline = serializers.CharField()
    whose_turn = serializers.CharField()
    by = serializers.DateField(allow_null=True)
    clock = ClockOut(allow_null=True)
    steps = StepOut(many=True)
    url = serializers.CharField()


class ReceiptOut(serializers.Serializer[Any]):
    """The receipt of a complaint: the same whenever it is asked for again; `url` tells where the complaint stands."""

    id = serializers.CharField()
    number = serializers.CharField()
    received_at = serializers.DateTimeField()
    url = serializers.CharField()


class UploadOut(serializers.Serializer[Any]):
    """A file that waits to be put with a complaint."""

    id = serializers.CharField()
    kind = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457: a stable code, one sentence, and the field where there is one."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False)


class IsParty(BasePermission):
    """Consumers, merchants and agencies; staff write down what they are told at their desk."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return ALLOWED.admits(request.user)


class FilingThrottle(UserRateThrottle):
    """The hourly limit of one person; an agency files for many."""

    scope = "file"

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.user, User) and request.user.kind == User.Kind.CLIENT:
            return True
        return super().allow_request(request, view)


def filing_of(body: dict[str, Any], who: access.Who) -> Filing:
    """The filing that a checked body amounts to; an unknown shop is refused on its field."""
    told = dict(body)
    shop = told.pop("shop", "")
    if shop:
        try:
            told["shop_id"] = shop_of(who=who, public_id=shop).pk
        except Refused as refused:
            raise wrong("shop", str(refused.sentence), "unknown") from refused
    for name in ("claims", "upload_ids"):
        told[name] = tuple(told.get(name, ()))
    return Filing(**told)


def body_of(case: Case, who: access.Who, request: Request) -> dict[str, Any]:
    """A case as its filer sees it."""
    story = timeline(who=who, case=case, side=Side.CONSUMER)
    row = story.clock
    return {
        "id": case.public_id,
        "number": case.number,
        "state": case.state,
        "state_text": story.state,
        "received_at": case.submitted_at,
        "headline": story.headline,
        "whose_turn": story.whose_turn.value,
        "by": story.turn.by,
        "clock": {"code": row.code, "due_on": row.due_on, "provisional": row.provisional} if row else None,
        "steps": list(story.steps),
        "url": reverse("complaints:api_complaint", args=[case.public_id], request=request),
    }


PROBLEMS: dict[int, Any] = {
    400: OpenApiResponse(Problem, gettext_lazy("没有标识，或者格式不对")),
    401: OpenApiResponse(Problem, gettext_lazy("没有登录")),
    403: OpenApiResponse(Problem, gettext_lazy("工作人员请用登记页")),
    409: OpenApiResponse(Problem, gettext_lazy("这个来源编号已经登记过")),
    422: OpenApiResponse(Problem, gettext_lazy("缺了必填的内容，或者标识已用于另一件投诉")),
}
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy("防重复的标识，1–80 个字符；同一标识、同一内容，总是得到同一张回执"),
)


@extend_schema(
    tags=["complaints"],
    summary=gettext_lazy("提交一件投诉，当场得到回执"),
    parameters=[KEY],
    request=ComplaintIn,
    responses={201: ReceiptOut, **PROBLEMS},
)
@api_view(["POST"])
@parser_classes([JSONParser])
@permission_classes([IsParty])
@throttle_classes([FilingThrottle])
def complaints(request: Request) -> Response:
    """File a complaint; its receipt comes back at once."""
    who = require_person(request.user)
    body = ComplaintIn(data=request.data)
    body.is_valid(raise_exception=True)
    case = intake.file(
        filing=filing_of(body.validated_data, who),
        channel=Case.Channel.API,
        who=who,
        key=request.headers.get("Idempotency-Key", ""),
    )
    url = reverse("complaints:api_complaint", args=[case.public_id], request=request)
    receipt = {"id": case.public_id, "number": case.number, "received_at": case.submitted_at, "url": url}
    return Response(ReceiptOut(receipt).data, status=201, headers={"Location": url})


@extend_schema(
    tags=["complaints"],
    summary=gettext_lazy("一件投诉办到了哪一步"),
    responses={200: ComplaintOut, 404: OpenApiResponse(Problem, gettext_lazy("没有这件投诉，或者不是您的"))},
)
@api_view(["GET"])
@permission_classes([IsParty])
def complaint(request: Request, public_id: str) -> Response:
    """Where a complaint stands that the caller filed or whose consumer they are."""
    who = require_person(request.user)
    case = filed_by(client=who, public_id=public_id)
    return Response(ComplaintOut(body_of(case, who, request)).data)


@extend_schema(
    tags=["complaints"],
    summary=gettext_lazy("先传一份凭证：JPEG、PNG、WebP、HEIC、PDF，最大 20 MB"),
    request={"multipart/form-data": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}},
    responses={201: UploadOut, 400: OpenApiResponse(Problem, gettext_lazy("文件不能收，detail 里写了原因"))},
)
@api_view(["POST"])
@parser_classes([MultiPartParser])
@permission_classes([IsParty])
@throttle_classes([FilingThrottle])
def uploads(request: Request) -> Response:
    """Send one file ahead of a complaint (JPEG, PNG, WebP, HEIC, PDF, at most 20 MB)."""
    who = require_person(request.user)
    arrived = request.FILES.get("file")
    if arrived is None:
        raise wrong("file", _("请在 file 里放一个文件。"))
    upload = files.accept(arrived, owner=None, who=who, field="file")
    body = {
        "id": upload.public_id,
        "kind": upload.kind,
        "size": upload.size,
        "sha256": upload.original_sha256,
        "state": upload.state,
    }
    return Response(UploadOut(body).data, status=201)


for _view in (complaints, complaint, uploads):
    setattr(_view, "allowed", ALLOWED)  # noqa: B010
