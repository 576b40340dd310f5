"""The fences that read the database's own catalogue. Each takes prefixes of table names."""

import re
from collections.abc import Iterable
from pathlib import Path

from mooring.kernel import db

_RAISED = re.compile(r"(?:CONSTRAINT\s*=\s*|_refuse_v\d+\(\s*)'(\w+)'", re.IGNORECASE)
# Names that Django makes up end in a digest; ours are sentences.
_MADE_UP = re.compile(r"_[0-9a-f]{8}_(fk|fk_\w+|uniq|check|like)$|_pkey$")

_CONSTRAINTS = """
SELECT conname, relname FROM pg_constraint
JOIN pg_class ON pg_class.oid = conrelid
WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'f')
AND conislocal AND conparentid = 0
UNION
SELECT index_class.relname, table_class.relname FROM pg_index
JOIN pg_class index_class ON index_class.oid = indexrelid
JOIN pg_class table_class ON table_class.oid = indrelid
WHERE indisunique AND NOT indisprimary AND NOT index_class.relispartition
AND index_class.relnamespace = 'public'::regnamespace
UNION
-- A trigger refuses by its own name, also where it composes the name as it runs.
SELECT tgname, relname FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
"""

_NUMERIC_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND data_type = 'numeric' AND table_type = 'BASE TABLE'
ORDER BY table_name, column_name
"""

_CHECKS_OF_COLUMN = """
SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE contype = 'c' AND conrelid = %s::regclass
AND conkey = ARRAY[(
    SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = %s
)]
"""


def promised_names(prefixes: Iterable[str], *, exempt: Iterable[str] = ()) -> set[str]:
    """Return every name by which a table or function of ours refuses."""
    ours = tuple(prefixes)
    declared = {
        name
        for name, table in db.rows(_CONSTRAINTS)
        if table.startswith(ours) and table not in exempt and not _MADE_UP.search(name)
    }
    functions = db.rows(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    raised = {
        name
        for function, body in functions
        if function.startswith(ours)
        for name in _RAISED.findall(body)
    }
    return declared | raised


def never_broken(names: Iterable[str], tests: Path) -> list[str]:
    """Find names that no test breaks: none mentions them in quotes."""
    mentioned = {
        name
        for path in tests.rglob("test_*.py")
        # The house names some as examples, and breaks none.
        if path.parent.name != "house"
        for name in re.findall(r"[\"'](\w+)[\"']", path.read_text(encoding="utf-8"))
    }
    return sorted(set(names) - mentioned)


def taking_what_is_no_number(prefixes: Iterable[str]) -> list[str]:
    """Find numeric columns whose own CHECKs let NaN in (infinity fits no numeric(p, s))."""
    return [
        f"{table}.{column}"
        for table, column in db.rows(_NUMERIC_COLUMNS)
        if table.startswith(tuple(prefixes)) and not _refuses_nan(table, column)
    ]


def _refuses_nan(table: str, column: str) -> bool:
    expressions = [found for (found,) in db.rows(_CHECKS_OF_COLUMN, [table, column])]
    return any(
        db.rows(f'SELECT NOT ({expression}) FROM (SELECT %s::numeric AS "{column}") row', ["NaN"])
        == [(True,)]
        for expression in expressions
    )


def unbounded_numerics(prefixes: Iterable[str]) -> list[str]:
    """Find numeric columns without precision: they hold infinity."""
    found = db.rows(
        "SELECT table_name, column_name FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND data_type = 'numeric'"
        " AND table_type = 'BASE TABLE' AND numeric_precision IS NULL"
        " ORDER BY table_name, column_name"
    )
    return [f"{table}.{column}" for table, column in found if table.startswith(tuple(prefixes))]


def altered_by_the_application(tables: Iterable[str], role: str) -> list[str]:
    """Find privileges that would let a role rewrite history."""
    return [
        f"{role} may {privilege} {table}"
        for table in tables
        for privilege in ("UPDATE", "DELETE", "TRUNCATE")
        if db.rows("SELECT has_table_privilege(%s, %s, %s)", [role, table, privilege]) == [(True,)]
    ]
