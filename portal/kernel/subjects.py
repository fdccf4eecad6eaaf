"""How events, clocks, documents, notices and jobs name the row they are about."""

from django.db import models


def label_and_pk(subject: models.Model) -> tuple[str, str]:
    """The label of the subject's model and its primary key as text."""
    return subject._meta.label_lower, str(subject.pk)
