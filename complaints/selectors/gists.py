"""One line that tells cases apart in a list: number, shop, what is asked for, what it is about."""

from complaints import rules
from complaints.models import Case
from portal.kernel import money, regions


def gist_of(case: Case) -> str:
    """The gist of a case whose shop is loaded; no consumer in it."""
    asked = "、".join(str(rules.CLAIMS[claim]) for claim in case.claims if claim in rules.CLAIMS)
    amount = f" {money.yuan(case.claimed_fen)} 元" if case.claimed_fen else ""
    parts = [
        case.number or case.source_no,
        str(case.shop) if case.shop else "",
        f"{asked}{amount}",
        regions.problem_name(case.problem) if case.problem else "",
    ]
    return "·".join(part for part in parts if part)
