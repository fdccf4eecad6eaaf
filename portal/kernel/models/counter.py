"""Where gap-free numbers come from."""

from django.db import models


class Counter(models.Model):
    """The last number given out in one series; taken under a row lock, so a rolled-back use leaves no gap."""

    series = models.CharField(max_length=80, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
