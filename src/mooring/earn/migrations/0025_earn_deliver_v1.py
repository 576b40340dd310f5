"""The text of earn_deliver_v1."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("earn", "0024_earn_deliver_v1")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
