"""What a city pack holds: places, bodies, who answers for what, and the classes things are counted by."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import get_language


@dataclass(frozen=True)
class Named:
    """A code with its official Chinese name; `label` is the name in the reader's language where there is one."""

    code: str
    name: str
    name_en: str

    @property
    def label(self) -> str:
        """The name for a reader; papers and records use `name`."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class District(Named):
    """A district; `tile` is its column and row on the map of squares.

    `former_codes` are those of the counties and districts that it came from: credit codes keep them.
    """

    group: str
    streets: int
    residents: int
    tile: tuple[int, ...]
    former_codes: tuple[str, ...]


@dataclass(frozen=True)
class Body(Named):
    """A body that the portal knows, as `Organisation` rows are made from it; `parent` is a body's code or empty."""

    short_name: str
    kind: str
    district: str
    parent: str
    document_prefix: str
    phone: str
    address: str
    is_zone: bool


@dataclass(frozen=True)
class Department:
    """What a body answers for in public, its hotline, and when that was last checked (never, where empty).

    `mark` is V (law), P (published report) or M (still to be verified).
    """

    body: str
    hotline: str
    duty: str
    mark: str
    checked_on: date | None


@dataclass(frozen=True)
class Topic(Named):
    """A matter as people name it; `department` is the body that handles it, empty for the district's bureau."""

    department: str


@dataclass(frozen=True)
class Route:
    """A default routing rule; an empty district or topic stands for any."""

    district: str
    topic: str
    unit: str
    reason: str
    article: str
    from_date: date


@dataclass(frozen=True)
class Problem(Named):
    """A class of problem and the consumers associations' class it is counted under."""

    cca_class: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ObjectClass(Named):
    """A class of goods or services (客体类别)."""

    kind: str


@dataclass(frozen=True)
class ClaimKind(Named):
    """What a consumer may ask for (诉求)."""

    asks_money: bool


@dataclass(frozen=True)
class Section:
    """A section of GB/T 4754-2017."""

    code: str
    name: str


@dataclass(frozen=True)
class Trade(Named):
    """A trade in which shops may pledge, with its section of GB/T 4754."""

    section: str


@dataclass(frozen=True)
class Scheme(Named):
    """A pledge scheme, the bodies that own it, its terms, and what stands on its plates.

    `plate_letters` begin a plate's number; the plate shows `plate_rim` around `plate_title` and `plate_subtitle`.
    """

    owners: tuple[str, ...]
    office: str
    valid_years: int
    notice_days: int
    reapply_months: int
    all_trades: bool
    is_open: bool
    plate_letters: str
    plate_rim: str
    plate_title: str
    plate_subtitle: str


@dataclass(frozen=True)
class FundTerms(Named):
    """A fund that pays first: its keeper, amounts in fen and periods (`_wd` working, `_cd` calendar days)."""

    kind: str
    keeper: str
    opening_fen: int
    floor_fen: int
    small_claim_fen: int
    ordinary_claim_fen: int
    consumer_year_fen: int
    small_approvers: int
    ordinary_approvers: int
    formal_check_wd: int
    small_decision_wd: int
    ordinary_decision_wd: int
    committee_decision_wd: int
    merchant_answer_wd: int
    review_wd: int
    unperformed_wd: int
    apply_within_cd: int
    demand_wd: int
    repay_cd: int
    restore_wd: int


@dataclass(frozen=True)
class CityDays:
    """What the city adds to the State Council's notice of one year: days off of its own, and make-up days for them."""

    year: int
    off: tuple[date, ...]
    on: tuple[date, ...]
    source: str


@dataclass(frozen=True)
class NumberForms:
    """How numbers are written, as format strings."""

    complaint: str
    report: str
    lead: str
    claim: str
    plate: str
    document: str


@dataclass(frozen=True)
class City(Named):
    """One city, validated: every code that one part names exists in the other."""

    short_name: str
    area_code: str
    portal_name: str
    portal_name_en: str
    numbers: NumberForms
    groups: tuple[Named, ...]
    districts: tuple[District, ...]
    bodies: tuple[Body, ...]
    departments: tuple[Department, ...]
    topics: tuple[Topic, ...]
    routes: tuple[Route, ...]
    cca_classes: tuple[Named, ...]
    problems: tuple[Problem, ...]
    objects: tuple[ObjectClass, ...]
    claims: tuple[ClaimKind, ...]
    sale_modes: tuple[Named, ...]
    channels: tuple[Named, ...]
    sections: tuple[Section, ...]
    trades: tuple[Trade, ...]
    schemes: tuple[Scheme, ...]
    funds: tuple[FundTerms, ...]
    workdays: tuple[CityDays, ...]

    @cached_property
    def hub(self) -> Body:
        """The unified receiving office."""
        return next(body for body in self.bodies if body.kind == "hub")

    @cached_property
    def bureaus(self) -> tuple[Body, ...]:
        """The bureaus that may decide, zones included."""
        return tuple(body for body in self.bodies if body.kind == "bureau")

    @cached_property
    def open_scheme(self) -> Scheme:
        """The one pledge scheme that shops can apply for."""
        return next(scheme for scheme in self.schemes if scheme.is_open)

    def bureau_of(self, district: str) -> Body:
        """The bureau of a district; StopIteration for a district that does not exist."""
        return next(body for body in self.bureaus if body.district == district and not body.is_zone)

    def body(self, code: str) -> Body:
        """The body with that code; KeyError when there is none."""
        return self._bodies[code]

    @cached_property
    def _bodies(self) -> dict[str, Body]:
        return {body.code: body for body in self.bodies}

    @cached_property
    def district_codes(self) -> frozenset[str]:
        return frozenset(row.code for row in self.districts)

    @cached_property
    def district_by_code(self) -> dict[str, str]:
        """Each district's code by that very code and by those that it had before."""
        rows = self.districts
        return {code: row.code for row in rows for code in (row.code, *row.former_codes)}

    @cached_property
    def topic_codes(self) -> frozenset[str]:
        return frozenset(row.code for row in self.topics)

    @cached_property
    def problem_codes(self) -> frozenset[str]:
        return frozenset(row.code for row in self.problems)

    @cached_property
    def object_codes(self) -> frozenset[str]:
        return frozenset(row.code for row in self.objects)
