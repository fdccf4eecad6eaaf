"""Append-only tables, kept so by the database: a row that was written is never changed or taken out.

Installing twice is harmless. SQLite drops a table's triggers whenever a migration rebuilds the table: install again at
the end of such a migration.
"""

from typing import Any

from portal.kernel import access_rules

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

SQLITE_KEEP = """
CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}
WHEN OLD.at > datetime('now', '-{years} years')
BEGIN SELECT RAISE(ABORT, '{table} is kept for {years} years'); END
"""

POSTGRESQL_KEEP_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_early_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.at > now() - make_interval(years => TG_ARGV[0]::int) THEN
        RAISE EXCEPTION '% is kept for % years', TG_TABLE_NAME, TG_ARGV[0]
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$
"""

POSTGRESQL_KEEP = """
CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_early_removal('{years}')
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


def kept_for_years(table: str, years: int, vendor: str) -> list[str]:
    """The SQL that makes *table* refuse UPDATE, and DELETE of every row whose `at` is not that many years ago."""
    never_changed = append_only(table, vendor)[:-1]
    if vendor == "sqlite":
        return [*never_changed, SQLITE_KEEP.format(table=table, years=years)]
    return [*never_changed, POSTGRESQL_KEEP_FUNCTION, POSTGRESQL_KEEP.format(table=table, years=years)]


def statements(vendor: str) -> list[str]:
    """The SQL of the kernel's append-only tables."""
    return [
        *append_only("kernel_event", vendor),
        *append_only("kernel_anchor", vendor),
        *kept_for_years("kernel_accessrecord", access_rules.SHORTEST_YEARS, vendor),
    ]


def statements_of_law(vendor: str) -> list[str]:
    """The SQL that keeps a version of the law as it was decided."""
    return append_only("kernel_lawversion", vendor, once="OLD.state <> 'proposed'")


def install(schema_editor: Any) -> None:
    """Put the triggers in place; for `RunPython(lambda apps, editor: sql.install(editor), noop)`."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)
