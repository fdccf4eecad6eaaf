"""Checkpoints remember each of their events, so that the one that was touched can be named; they and the access log
are kept by the database itself.

A checkpoint from before is carried over only where it still adds up; one that does not stays one that does not.
"""

import hashlib
import json
from itertools import pairwise

from django.db import migrations, models

from portal.kernel import sql


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def carry_over(apps, schema_editor):
    Anchor, Event = apps.get_model("kernel", "Anchor"), apps.get_model("kernel", "Event")
    after, old_before, before = 0, "", ""
    for seq, row in enumerate(Anchor.objects.order_by("last_event_id"), 1):
        events = Event.objects.filter(pk__gt=after, pk__lte=row.last_event_id).order_by("id")
        found = list(events.values_list("id", "hash"))
        adds_up = row.digest == _sha("\n".join([old_before, *(digest for _pk, digest in found)]))
        old_before = row.digest
        ids = [after, *(pk for pk, _digest in found)]
        row.seq, row.first_event_id, row.count = seq, after + 1, len(found)
        row.absent = [[low + 1, high - 1] for low, high in pairwise(ids) if high > low + 1]
        row.root = _sha("\n".join(f"{pk}:{digest}" for pk, digest in found))
        row.prints = "".join(digest[:8] for _pk, digest in found)
        row.previous = before
        content = [row.seq, row.first_event_id, row.last_event_id, row.count, row.absent, row.root, row.prints, before]
        row.digest = _sha(json.dumps(content, separators=(",", ":"))) if adds_up else ""
        row.save()
        after, before = row.last_event_id, row.digest


def install(apps, schema_editor):
    sql.install(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_jobs_belong")]

    operations = [
        migrations.AddField(model_name="anchor", name="absent", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="anchor", name="previous", field=models.CharField(blank=True, default="", max_length=64), preserve_default=False
        ),
        migrations.AddField(
            model_name="anchor", name="prints", field=models.TextField(default=""), preserve_default=False
        ),
        migrations.AddField(
            model_name="anchor",
            name="root",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(model_name="anchor", name="seq", field=models.PositiveIntegerField(null=True)),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.AlterField(model_name="anchor", name="seq", field=models.PositiveIntegerField(unique=True)),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
