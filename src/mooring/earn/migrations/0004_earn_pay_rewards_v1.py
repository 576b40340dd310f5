"""The text of earn_pay_rewards_v1."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("earn", "0003_delivered_before_paid")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
