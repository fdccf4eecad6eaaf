"""What the jobs leave in the database."""

from typing import ClassVar

from django.db import models


class Effect(models.Model):
    """One time that a job's work was committed; nothing keeps a word from standing here twice."""

    word = models.CharField(max_length=40)

    objects: "ClassVar[models.Manager[Effect]]" = models.Manager()

    def __str__(self) -> str:
        return self.word
