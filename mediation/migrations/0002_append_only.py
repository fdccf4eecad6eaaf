"""Entries are never changed or taken out, and their legs lie in one fund; the database says so itself."""

from django.db import migrations

from mediation import sql


def install(apps, schema_editor):
    sql.install(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("mediation", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
