"""Find one's case with its number and the phone it was filed with."""

from django.utils.translation import gettext as _

from complaints.models import Case
from complaints.selectors.mine import phone_tracked
from portal.kernel import access_log, codes, people, phones
from portal.kernel.errors import Refused


def send_code(*, number: str, phone: str) -> None:
    """Send a sign-in code when number and phone belong together; says nothing when they do not, so neither is told."""
    mobile = phones.mobile(phone)
    try:
        phone_tracked(number=number, phone_index=codes.index_of(mobile))
    except Refused:
        access_log.refused("case.track")
        return
    codes.issue(mobile, people.LOGIN, use=_("登录"))


def found(*, number: str, phone: str) -> Case:
    """The case, for a caller who has just proved the phone; refused (`no_such_case`) otherwise."""
    return phone_tracked(number=number, phone_index=codes.index_of(phone))
