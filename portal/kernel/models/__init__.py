"""The tables every room shares."""

from portal.kernel.models.clock import Clock, ClockPause, WorkdayNotice
from portal.kernel.models.counter import Counter
from portal.kernel.models.document import Document
from portal.kernel.models.event import AccessRecord, Anchor, Event
from portal.kernel.models.job import Job
from portal.kernel.models.law import LawVersion
from portal.kernel.models.notice import Notice, OutgoingMessage, PhoneCode
from portal.kernel.models.upload import Upload
from portal.kernel.models.user import Membership, Organisation, User

__all__ = [
    "AccessRecord",
    "Anchor",
    "Clock",
    "ClockPause",
    "Counter",
    "Document",
    "Event",
    "Job",
    "LawVersion",
    "Membership",
    "Notice",
    "Organisation",
    "OutgoingMessage",
    "PhoneCode",
    "Upload",
    "User",
    "WorkdayNotice",
]
