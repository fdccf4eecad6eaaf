"""People's cases and reports: everything confidential."""

from complaints.models.case import Case
from complaints.models.decision import Movement, Proposal, RoutingRule
from complaints.models.draft import Draft, FilingKey
from complaints.models.party import Evidence, Party, Respondent, Supplement
from complaints.models.report import LeadLink, Report, Reporter, ReportEvidence

__all__ = [
    "Case",
    "Draft",
    "Evidence",
    "FilingKey",
    "LeadLink",
    "Movement",
    "Party",
    "Proposal",
    "Report",
    "ReportEvidence",
    "Reporter",
    "Respondent",
    "RoutingRule",
    "Supplement",
]
