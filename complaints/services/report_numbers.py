"""The numbers of reports (TJ-JB-…) and of leads found in complaints (TJ-XS-…), each without gaps within a day."""

from complaints.models import Report
from portal.kernel import clock, numbers

SERIES = {Report.Kind.REPORT: "JB", Report.Kind.LEAD: "XS"}


def next_number(kind: Report.Kind) -> str:
    """The next number of that kind today; call inside the transaction that uses it."""
    letters, day = SERIES[kind], f"{clock.today():%Y%m%d}"
    return f"TJ-{letters}-{day}-{numbers.next_number(f'{letters.lower()}.{day}'):06d}"
