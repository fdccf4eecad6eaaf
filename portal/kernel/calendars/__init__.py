"""Working days, statutory periods, and the clocks that run on the subjects of every room.

Rooms register their periods from `rules.py` (`register`, `Rule`), run clocks from their services (`start`, `meet`,
`stop`, `pause`, `resume`, `extend`) and tell the desk how to show them (`presents`).
"""

from portal.kernel.calendars.clocks import clocks_of, extend, meet, open_clocks, pause, resume, start, stop
from portal.kernel.calendars.desk import (
    Alarms,
    Presented,
    Urgency,
    Waiting,
    alarms,
    due_counts,
    presented,
    presents,
    title_of_urgency,
    waiting,
)
from portal.kernel.calendars.notices import Report, load_notice, report
from portal.kernel.calendars.periods import Due, add_working_days, due, is_working_day
from portal.kernel.calendars.rules import (
    ORDER20,
    ORDER121,
    STANDING,
    Rule,
    codes,
    register,
    rule_on,
    title_of,
    versions,
)
from portal.kernel.calendars.running import Progress, progress
from portal.kernel.calendars.workdays import Calendar, Notice, current, load, packaged
from portal.kernel.models.clock import Clock, EndedAs, Measure, PauseReason

WD = Measure.WORKING_DAYS
CD = Measure.CALENDAR_DAYS

__all__ = [
    "CD",
    "ORDER20",
    "ORDER121",
    "STANDING",
    "WD",
    "Alarms",
    "Calendar",
    "Clock",
    "Due",
    "EndedAs",
    "Measure",
    "Notice",
    "PauseReason",
    "Presented",
    "Progress",
    "Report",
    "Rule",
    "Urgency",
    "Waiting",
    "add_working_days",
    "alarms",
    "clocks_of",
    "codes",
    "current",
    "due",
    "due_counts",
    "extend",
    "is_working_day",
    "load",
    "load_notice",
    "meet",
    "open_clocks",
    "packaged",
    "pause",
    "presented",
    "presents",
    "progress",
    "register",
    "report",
    "resume",
    "rule_on",
    "start",
    "stop",
    "title_of",
    "title_of_urgency",
    "versions",
    "waiting",
]
