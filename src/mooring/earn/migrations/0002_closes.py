"""The set-based closes of Earn, each from the frozen file of its name."""

from pathlib import Path

from django.db import migrations

OBJECTS = ("room_for_updates", "privileges", "earn_close_flexible_v1", "earn_close_locked_v1", "earn_pay_rewards_v1")


def _frozen(name: str) -> str:
    return (Path(__file__).parent / f"0002_{name}.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("earn", "0001_initial"), ("ledger", "0001_book")]
    operations = [
        migrations.RunSQL(_frozen(name), migrations.RunSQL.noop, hints={"object": name})
        for name in OBJECTS
    ]
