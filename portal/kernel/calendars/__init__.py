"""Working days, statutory periods, and the clocks that run on the subjects of every room.

Rooms register their periods from `rules.py` (`register`, `Rule`), run clocks from their services (`start`, `meet`,
`stop`, `pause`, `resume`, `extend`) and tell the desk how to show them (`presents`).
"""

from portal.kernel.calendars import book, laws, words
from portal.kernel.calendars.clocks import (
    clocks_of,
    extend,
    longest_extension,
    meet,
    open_clocks,
    pause,
    resume,
    start,
    stop,
)
from portal.kernel.calendars.desk import (
    Alarms,
    Presented,
    Urgency,
    Waiting,
    alarms,
    due_counts,
    presented,
    presented_to,
    presents,
    title_of_urgency,
    waiting,
)
from portal.kernel.calendars.lawmaking import decide_law_version, law_versions, propose_law_version
from portal.kernel.calendars.notice_files import NoticeFile, read_notice
from portal.kernel.calendars.notice_reports import Moved, ReportPage, notices_loaded, report_page
from portal.kernel.calendars.notices import Report, catch_up, check_notice, load_notice, load_notice_text, report
from portal.kernel.calendars.periods import Due, add_working_days, due, is_working_day, last_day
from portal.kernel.calendars.preview import Move, Preview, preview, preview_text
from portal.kernel.calendars.rules import (
    ORDER20,
    ORDER121,
    STANDING,
    Certainty,
    Chapter,
    Rule,
    Shape,
    Unit,
    chapter_of,
    chapters,
    codes,
    register,
    rule_on,
    title_of,
    versions,
)
from portal.kernel.calendars.running import Progress, progress
from portal.kernel.calendars.workdays import Calendar, Notice, current, load, packaged
from portal.kernel.models.clock import Clock, EndedAs, Measure, PauseReason

WD = Unit.WORKING_DAYS
CD = Unit.CALENDAR_DAYS

__all__ = [
    "CD",
    "ORDER20",
    "ORDER121",
    "STANDING",
    "WD",
    "Alarms",
    "Calendar",
    "Certainty",
    "Chapter",
    "Clock",
    "Due",
    "EndedAs",
    "Measure",
    "Move",
    "Moved",
    "Notice",
    "NoticeFile",
    "PauseReason",
    "Presented",
    "Preview",
    "Progress",
    "Report",
    "ReportPage",
    "Rule",
    "Shape",
    "Unit",
    "Urgency",
    "Waiting",
    "add_working_days",
    "alarms",
    "book",
    "catch_up",
    "chapter_of",
    "chapters",
    "check_notice",
    "clocks_of",
    "codes",
    "current",
    "decide_law_version",
    "due",
    "due_counts",
    "extend",
    "is_working_day",
    "last_day",
    "law_versions",
    "laws",
    "load",
    "load_notice",
    "load_notice_text",
    "longest_extension",
    "meet",
    "notices_loaded",
    "open_clocks",
    "packaged",
    "pause",
    "presented",
    "presented_to",
    "presents",
    "preview",
    "preview_text",
    "progress",
    "propose_law_version",
    "read_notice",
    "register",
    "report",
    "report_page",
    "resume",
    "rule_on",
    "start",
    "stop",
    "title_of",
    "title_of_urgency",
    "versions",
    "waiting",
    "words",
]
