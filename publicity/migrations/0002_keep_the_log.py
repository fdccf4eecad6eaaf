"""Lines of the log and signed releases are never rewritten; the database says so itself."""

from django.db import migrations

from publicity import sql


def install(apps, schema_editor):
    for statement in sql.statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def undo(apps, schema_editor):
    for statement in sql.undo(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("publicity", "0001_initial")]

    operations = [migrations.RunPython(install, undo)]
