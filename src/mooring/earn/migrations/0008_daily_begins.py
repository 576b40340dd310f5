"""Let positions that are there already begin their daily rewards."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("earn", "0007_earn_pay_daily_v1")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
