"""The text of gateway_tell_hold."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("gateway", "0003_webhooks")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
