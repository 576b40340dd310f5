"""The book: its tables, functions and triggers, each from the frozen file of its name."""

from pathlib import Path

from django.db import migrations

OBJECTS = (
    "book",
    "ledger_refuse_v1",
    "ledger_journal_balanced",
    "ledger_append_only",
    "ledger_post_v1",
    "ledger_post_replayed_v1",
    "ledger_open_accounts_v1",
)


def _frozen(name: str) -> str:
    return (Path(__file__).parent / f"0001_{name}.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(_frozen(name), migrations.RunSQL.noop, hints={"object": name})
        for name in OBJECTS
    ]
