"""The text of earn_pay_daily_v1."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("earn", "0014_daily_payouts")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
