"""A process beside the workers that owes jobs and counts what became of them: one JSON request a line."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from portal import celery
from portal.kernel import jobs
from portal.kernel.models import Job, Organisation
from tests.faults.works import marks
from tests.faults.works.models import Effect


def forget() -> None:
    """Begin again with no jobs and no effects."""
    Job.objects.all().delete()
    Effect.objects.all().delete()
    Organisation.objects.get_or_create(
        code="works", defaults={"name": "示例局", "short_name": "示例", "kind": "bureau", "district": "120101"}
    )
    for path in marks.FOLDER.iterdir():
        path.unlink()


def owe(works: list[list[str]]) -> None:
    """Owe all of them, each a name and a word, in one transaction."""
    with transaction.atomic():
        for name, word in works:
            jobs.owe(name, word=word)


def state() -> dict[str, Any]:
    """What is left to do, what was done how often, and what had to be counted as a failure."""
    return {
        "open": jobs.open_jobs().count(),
        "given_up": Job.objects.filter(given_up_at__isnull=False).count(),
        "done": Job.objects.filter(done_at__isnull=False).count(),
        "leased": Job.objects.filter(lease_until__isnull=False).count(),
        "effects": dict(Counter(Effect.objects.values_list("word", flat=True))),
        "letters": dict(Counter(marks.letters())),
        "attempts": dict(Job.objects.filter(attempts__gt=0).values_list("name", "attempts")),
    }


ACTS: dict[str, Callable[..., Any]] = {"forget": forget, "owe": owe, "state": state}


class Command(BaseCommand):
    help = "Owe countable jobs and count what became of them."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        celery.answer_the_bell()
        print("ready", flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            print(json.dumps(ACTS[request.pop("act")](**request)), flush=True)
