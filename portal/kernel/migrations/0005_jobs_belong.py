"""A job names its event and the row whose story it belongs to; what was given up can be discarded."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_law_is_kept")]

    operations = [
        migrations.RemoveIndex(model_name="job", name="open_jobs"),
        migrations.AddField(
            model_name="job",
            name="discarded_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("done_by_hand", "已由人工办好"),
                    ("no_longer_needed", "已不需要"),
                    ("owed_again", "另有同样的作业"),
                    ("cannot_be_done", "确认无法完成"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(model_name="job", name="discarded_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="job",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.event",
            ),
        ),
        migrations.AddField(
            model_name="job", name="subject_label", field=models.CharField(blank=True, default="", max_length=60), preserve_default=False
        ),
        migrations.AddField(
            model_name="job", name="subject_pk", field=models.CharField(blank=True, default="", max_length=40), preserve_default=False
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("done_at", None), ("given_up_at", None)),
                fields=["priority", "due_at", "id"],
                name="open_jobs",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("discarded_at", None), ("given_up_at__isnull", False)),
                fields=["given_up_at", "id"],
                name="jobs_given_up",
            ),
        ),
        migrations.AddIndex(
            model_name="job", index=models.Index(fields=["subject_label", "subject_pk"], name="jobs_of_a_subject")
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False)),
                fields=("event", "name"),
                name="one_job_per_event_and_subscriber",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discarded_as", ""), ("discarded_at", None)),
                    models.Q(
                        ("discarded_at__isnull", False),
                        ("given_up_at__isnull", False),
                        models.Q(("discarded_as", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="only_a_job_given_up_is_discarded",
            ),
        ),
    ]
