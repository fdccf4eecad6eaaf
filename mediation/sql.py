"""What the models cannot say: entries are never changed or taken out, and both legs lie in the entry's own fund.

Installing twice is harmless. SQLite drops a table's triggers whenever a migration rebuilds the table: install again at
the end of such a migration.
"""

from typing import Any

from portal.kernel.sql import append_only

LEGS_SQLITE = """
CREATE TRIGGER IF NOT EXISTS mediation_entry_legs BEFORE INSERT ON mediation_entry
WHEN (SELECT count(*) FROM mediation_account
      WHERE id IN (NEW.debit_id, NEW.credit_id) AND fund_id = NEW.fund_id) <> 2
BEGIN SELECT RAISE(ABORT, 'a leg of the entry lies in another fund'); END
"""

LEGS_POSTGRESQL = """
CREATE OR REPLACE FUNCTION mediation_entry_legs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM mediation_account
        WHERE id IN (NEW.debit_id, NEW.credit_id) AND fund_id = NEW.fund_id) <> 2 THEN
        RAISE EXCEPTION 'a leg of the entry lies in another fund' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

LEGS_TRIGGER_POSTGRESQL = """
CREATE OR REPLACE TRIGGER mediation_entry_legs BEFORE INSERT ON mediation_entry
FOR EACH ROW EXECUTE FUNCTION mediation_entry_legs()
"""


def statements(vendor: str) -> list[str]:
    """The SQL for `sqlite` or `postgresql`."""
    legs = {"sqlite": [LEGS_SQLITE], "postgresql": [LEGS_POSTGRESQL, LEGS_TRIGGER_POSTGRESQL]}[vendor]
    return [*append_only("mediation_entry", vendor), *legs]


def install(schema_editor: Any) -> None:
    """Put the triggers in place; for `RunPython(lambda apps, editor: sql.install(editor), noop)`."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)
