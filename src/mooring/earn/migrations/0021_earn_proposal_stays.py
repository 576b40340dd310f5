"""The text of earn_proposal_stays."""

from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("earn", "0020_taken_back")]
    operations = [
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
