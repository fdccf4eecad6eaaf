"""A decided version of the law never changes; clocks that ran before cite their law by its full name."""

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Replace

from portal.kernel import sql

FULL_NAMES = (
    ("旧办法第", "《市场监督管理投诉举报处理暂行办法》第"),
    ("办法第", "《市场监督管理投诉举报处理办法》第"),
    ("处罚程序规定第", "《市场监督管理行政处罚程序规定》第"),
)


def install(apps, schema_editor):
    for statement in sql.statements_of_law(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def spell_out(apps, schema_editor):
    clocks = apps.get_model("kernel", "Clock").objects
    for short, full in FULL_NAMES:
        clocks.filter(article__startswith=short).update(article=Replace("article", Value(short), Value(full)))


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_law_versions")]

    operations = [
        migrations.RunPython(install, migrations.RunPython.noop),
        migrations.RunPython(spell_out, migrations.RunPython.noop),
    ]
