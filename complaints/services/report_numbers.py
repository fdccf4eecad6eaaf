"""The numbers of reports and of leads found in complaints, as the city writes them, each without gaps within a day."""

from complaints.models import Report
from portal.kernel import clock, numbers, regions

SERIES = {Report.Kind.REPORT: "jb", Report.Kind.LEAD: "xs"}


def next_number(kind: Report.Kind) -> str:
    """The next number of that kind today; call inside the transaction that uses it."""
    today, forms = clock.today(), regions.city().numbers
    form = forms.report if kind == Report.Kind.REPORT else forms.lead
    return form.format(day=today, number=numbers.next_number(f"{SERIES[kind]}.{today:%Y%m%d}"))
