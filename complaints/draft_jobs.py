"""A draft that nobody files ends by itself."""

from datetime import datetime, time, timedelta
from uuid import UUID

from complaints import filing_texts
from complaints.models import Draft
from complaints.services import drafts
from portal.kernel import clock, jobs

__all__ = ["filing_texts"]


@jobs.job(drafts.FORGET, jobs.Priority.GROUPING)
def forget(*, draft_id: str) -> None:
    """Delete a draft with its files when its thirty days are over; one that was saved again waits for its new end."""
    draft = Draft.objects.filter(pk=UUID(draft_id), case=None).first()
    if draft is None:
        return
    if draft.expires_on >= clock.today():
        raise jobs.Later(datetime.combine(draft.expires_on + timedelta(days=1), time.min, clock.SHANGHAI))
    drafts.forget(draft=draft)
