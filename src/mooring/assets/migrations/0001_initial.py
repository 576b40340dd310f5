import django.db.models.deletion
import django.db.models.functions.datetime
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [("kernel", "0000_role")]

    operations = [
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('code', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('CRYPTO', 'Crypto'), ('FIAT', 'Fiat')], max_length=8)),
                ('ledger_decimals', models.SmallIntegerField()),
                ('display_decimals', models.SmallIntegerField()),
                ('reward_decimals', models.SmallIntegerField()),
                ('is_active', models.BooleanField(default=True)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'db_table': 'assets_asset',
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z0-9]{2,16}$')), name='assets_asset_code_is_capitals_and_digits'), models.CheckConstraint(condition=models.Q(('name__regex', '\\S')), name='assets_asset_has_a_name'), models.CheckConstraint(condition=models.Q(('kind__in', ['CRYPTO', 'FIAT'])), name='assets_asset_kind_known'), models.CheckConstraint(condition=models.Q(('ledger_decimals__range', (0, 18))), name='assets_asset_ledger_decimals_bookable'), models.CheckConstraint(condition=models.Q(('display_decimals__range', (0, 18))), name='assets_asset_display_decimals_bookable'), models.CheckConstraint(condition=models.Q(('reward_decimals__range', (0, 18))), name='assets_asset_reward_decimals_bookable')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('usd', models.DecimalField(decimal_places=18, max_digits=38)),
                ('valid_from', models.DateTimeField()),
                ('source', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assets.asset')),
            ],
            options={
                'db_table': 'assets_price',
                'constraints': [models.UniqueConstraint(fields=('asset', 'valid_from'), name='assets_price_one_at_a_time'), models.CheckConstraint(condition=models.Q(('usd__gt', 0), ('usd__lt', Decimal('100000000000000000000'))), name='assets_price_is_positive_and_finite'), models.CheckConstraint(condition=models.Q(('source__regex', '\\S')), name='assets_price_has_a_source')],
            },
        ),
    ]
