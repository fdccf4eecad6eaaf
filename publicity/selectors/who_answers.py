"""Who answers for what in this city, from the reviewed pack: topic, department, hotline, last check."""

from dataclasses import dataclass
from datetime import date

from portal.kernel import regions

EMERGENCY = "110"


@dataclass(frozen=True)
class Answerer:
    """One matter, who handles it, whom to call, and when somebody last made sure (never: None)."""

    topic: str
    department: str
    hotline: str
    duty: str
    mark: str
    checked_on: date | None
    is_bureau: bool


def answerers(text: str = "") -> list[Answerer]:
    """Every topic with its department, in the pack's order; with *text*, those that mention it."""
    city = regions.city()
    departments = {row.body: row for row in city.departments}
    rows = []
    for topic in city.topics:
        department = departments[topic.department or city.hub.code]
        rows.append(
            Answerer(
                topic=topic.label,
                department=city.body(topic.department).label if topic.department else "",
                hotline=department.hotline,
                duty=department.duty,
                mark=department.mark,
                checked_on=department.checked_on,
                is_bureau=not topic.department,
            )
        )
    wanted = text.strip().lower()
    return [row for row in rows if wanted in f"{row.topic} {row.department} {row.duty} {row.hotline}".lower()]


@dataclass(frozen=True)
class Callee:
    """A district's bureau and its telephone."""

    district: str
    name: str
    phone: str
    address: str

    @property
    def dial(self) -> str:
        return "".join(char for char in self.phone if char.isdigit())


def bureau_of(district: str) -> Callee | None:
    """Whom to call in a district; None for no district of this city."""
    city = regions.city()
    if district not in city.district_codes:
        return None
    body = city.bureau_of(district)
    return Callee(district, body.label, body.phone, body.address)
