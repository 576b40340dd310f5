"""Tries are counted in accounts_attempt; what allauth counted in is not needed any more."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_not_ended")]
    operations = [
        migrations.RunSQL("DROP TABLE accounts_attempt_cache", migrations.RunSQL.noop),
    ]
