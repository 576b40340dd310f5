"""Pay daily rewards without an index over what changes every night."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("earn", "0013_ends_of_locked_positions")]
    operations = [
        migrations.RemoveIndex(model_name="position", name="earn_position_daily_due"),
        migrations.AddField(
            model_name="position",
            name="awaits_payout",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddIndex(
            model_name="position",
            index=models.Index(
                condition=models.Q(("awaits_payout", True)),
                fields=["product", "id"],
                name="earn_position_left_unpaid",
            ),
        ),
        migrations.CreateModel(
            name="DailyPayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("positions", models.IntegerField()),
                ("paid_at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="earn.product",
                    ),
                ),
            ],
            options={
                "db_table": "earn_daily_payout",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("product", "day"), name="earn_daily_payout_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            migrations.RunSQL.noop,
        ),
    ]
