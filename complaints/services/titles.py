"""The short matter line of a case, made of classes only, so that nothing personal can slip into it."""

from django.utils import translation

from complaints.filing_rules import MOST_TITLE_CHARS
from complaints.rules import CLAIMS
from complaints.services.filing import Filing
from portal.kernel import regions


def title_of(filing: Filing) -> str:
    """What it is about and what is asked for, e.g. 家用电子电器类，售后服务，要求退货; in Chinese whoever files."""
    about = [regions.object_name(filing.object_class), regions.problem_name(filing.problem)]
    with translation.override("zh-hans"):
        asked = "、".join(str(CLAIMS[claim]) for claim in filing.claims)
    parts = [part for part in about if part]
    return "，".join([*parts, f"要求{asked}"])[:MOST_TITLE_CHARS]
