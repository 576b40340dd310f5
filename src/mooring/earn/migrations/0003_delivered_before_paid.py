"""Reward days of a position whose principal was delivered before they were booked or paid."""

from pathlib import Path

from django.db import migrations

OBJECTS = ("earn_close_locked_v1", "earn_pay_rewards_v1")


def _frozen(name: str) -> str:
    return (Path(__file__).parent / f"0003_{name}.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("earn", "0002_closes")]
    operations = [
        migrations.RunSQL(_frozen(name), migrations.RunSQL.noop, hints={"object": name})
        for name in OBJECTS
    ]
