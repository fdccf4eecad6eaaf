"""Drafts open to the device that holds them."""

import json
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from complaints.models import Draft
from portal.kernel import clock, crypto
from portal.kernel.errors import Refused, not_found


def draft_held(*, held: Collection[str], public_id: str) -> Draft:
    """The draft of that public id, when this device holds it; any other is as absent as one that never was.

    A draft whose 30 days are over is gone, even before it is swept away.
    """
    draft = Draft.objects.select_related("case").filter(public_id=public_id).first()
    if draft is None or public_id not in held or (draft.case_id is None and draft.expires_on < clock.today()):
        raise not_found()
    return draft


def unfiled(*, held: Collection[str]) -> list[Draft]:
    """The drafts this device may go on with, the one touched last first."""
    mine = Draft.objects.filter(public_id__in=held, case=None, expires_on__gte=clock.today())
    return list(mine.order_by("-saved_at"))


def answers_of(draft: Draft) -> dict[str, dict[str, Any]]:
    """What has been typed so far, by step, as it was typed."""
    text = crypto.unseal(draft, "answers")
    return dict(json.loads(text)) if text else {}


def resume_code_of(draft: Draft) -> str:
    """The resume code as it is shown: two groups of four."""
    code = crypto.unseal(draft, "resume_code")
    return f"{code[:4]}-{code[4:]}"


def normal_code(typed: str) -> str:
    """A resume code as somebody typed it, in the form that is indexed."""
    return "".join(char for char in typed.upper() if char.isalnum())


def draft_by_code(code: str) -> Draft:
    """The unfiled draft with that resume code; refused without saying whether there ever was one."""
    index = crypto.blind_index("resume", normal_code(code))
    draft = Draft.objects.filter(resume_index=index, case=None, expires_on__gte=clock.today()).first()
    if draft is None:
        raise no_such_draft()
    return draft


def no_such_draft() -> Refused:
    """What is said of a wrong code and of a wrong telephone alike."""
    return Refused(
        "no_such_draft",
        _("续填码和手机号对不上，或者草稿已经过期。请核对续填码，8 位，不分大小写。"),
        field="code",
        status=400,
    )
