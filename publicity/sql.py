"""What the database itself forbids in this room beyond constraints: rewriting the log and what was signed.

The statements belong into a migration, per vendor. Deleting is left to the chain, which notices a missing line.
"""

from collections.abc import Sequence

LEAF_COLUMNS = ("index", "disclosure_id", "kind", "leaf_hash", "previous", "head", "at")
RELEASE_COLUMNS = ("month", "edition", "sha256", "made_by_id", "made_at", "signed_by_id", "signed_at", "note")


def _differs(columns: Sequence[str], operator: str) -> str:
    return " OR ".join(f'OLD."{column}" {operator} NEW."{column}"' for column in columns)


def _rules(vendor: str) -> list[tuple[str, str, str, str]]:
    """Name, table, when it strikes, and what it says."""
    operator = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    as_text = "" if vendor == "sqlite" else "::text"
    leaf = f"{_differs(LEAF_COLUMNS, operator)} OR (NEW.salt <> '' AND NEW.salt <> OLD.salt)"
    tables = f'OLD."tables"{as_text} <> NEW."tables"{as_text}'
    release = f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {tables} OR {_differs(RELEASE_COLUMNS, operator)})"
    return [
        ("log_lines_never_change", "publicity_logleaf", leaf, "a line of the log never changes"),
        ("signed_releases_never_change", "publicity_release", release, "a signed release never changes"),
    ]


def statements(vendor: str) -> list[str]:
    """What sets the triggers up in one kind of database, `sqlite` or `postgresql`."""
    found: list[str] = []
    for name, table, condition, sentence in _rules(vendor):
        when = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition})"
        if vendor == "sqlite":
            found.append(f"{when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END")
            continue
        say = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'"
        found.append(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {say}; END $$")
        found.append(f"{when} EXECUTE FUNCTION {name}()")
    return found


def undo(vendor: str) -> list[str]:
    """What takes the triggers away again."""
    names = [(name, table) for name, table, _condition, _sentence in _rules(vendor)]
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name, _table in names]
    drops = [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in names]
    return [*drops, *(f"DROP FUNCTION IF EXISTS {name}()" for name, _table in names)]
