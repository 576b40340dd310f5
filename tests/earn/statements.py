"""Statements that the tests of Earn's tables break rows with, by hand."""

#: An id that no test reaches, however many share a sequence.
NOBODYS = 1_999_999_999


def change(table, **columns):
    """Return a statement that changes every row of a table, or those of `where`."""
    where = columns.pop("where", "TRUE")
    assignments = ", ".join(f'"{name}" = {value}' for name, value in columns.items())
    return f"UPDATE {table} SET {assignments} WHERE {where}"


def copy(table, **columns):
    """Return a statement that inserts the first row of a table again, with other values."""
    where = columns.pop("where", "TRUE")
    values = ", ".join(f"'{name}', to_jsonb({value})" for name, value in columns.items())
    changed = (
        f"to_jsonb(original) || jsonb_build_object('id', {NOBODYS}{', ' if values else ''}{values})"
    )
    return (
        f"INSERT INTO {table} SELECT made.* FROM"
        f" (SELECT * FROM {table} WHERE {where} ORDER BY id LIMIT 1) AS original,"
        f" jsonb_populate_record(NULL::{table}, {changed}) AS made"
    )


def without(table, name, statement):
    """Return a statement after another constraint is gone, which would refuse it first."""
    gone = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
    # What waits for the end of the transaction stands in the way of ALTER.
    return f"SET CONSTRAINTS ALL IMMEDIATE; {gone}; {statement}"


def position(where="kind = 'FLEXIBLE'", **columns):
    return change("earn_position", where=where, **columns)


def locked(**columns):
    return position(where="kind = 'LOCKED' AND status = 'HOLDING'", **columns)


def terms(**columns):
    return change("earn_terms", where="apr IS NOT NULL", **columns)


def redemption(**columns):
    return change("earn_redemption", where="type = 'EARLY'", **columns)
