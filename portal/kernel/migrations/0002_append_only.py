"""Events are never changed or taken out; the database says so itself."""

from django.db import migrations

from portal.kernel import sql


def install(apps, schema_editor):
    sql.install(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
