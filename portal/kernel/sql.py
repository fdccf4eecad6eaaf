"""Append-only tables, kept so by the database: a row that was written is never changed or taken out.

Installing twice is harmless. SQLite drops a table's triggers whenever a migration rebuilds the table: install again at
the end of such a migration.
"""

from typing import Any

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {event} ON {table} {once}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

POSTGRESQL_TRIGGER = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {event} ON {table}
FOR EACH ROW {once} EXECUTE FUNCTION refuse_change()
"""

VERBS = (("update", "UPDATE"), ("delete", "DELETE"))


def append_only(table: str, vendor: str, *, once: str = "") -> list[str]:
    """The SQL for `sqlite` or `postgresql` that makes *table* refuse UPDATE and DELETE (an IntegrityError).

    *once* is a condition on OLD: rows that do not meet it may still change.
    """
    form = {"sqlite": SQLITE, "postgresql": POSTGRESQL_TRIGGER}[vendor]
    when = f"WHEN ({once})" if once else ""
    triggers = [form.format(table=table, verb=verb, event=event, once=when) for verb, event in VERBS]
    return triggers if vendor == "sqlite" else [POSTGRESQL_FUNCTION, *triggers]


def statements(vendor: str) -> list[str]:
    """The SQL of the kernel's append-only tables."""
    return append_only("kernel_event", vendor)


def statements_of_law(vendor: str) -> list[str]:
    """The SQL that keeps a version of the law as it was decided."""
    return append_only("kernel_lawversion", vendor, once="OLD.state <> 'proposed'")


def install(schema_editor: Any) -> None:
    """Put the triggers in place; for `RunPython(lambda apps, editor: sql.install(editor), noop)`."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)
