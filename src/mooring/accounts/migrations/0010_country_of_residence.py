import json

from django.db import migrations, models

from mooring.kernel.sealing import SealBroken, unseal


def note_countries(apps, schema_editor):
    """Note where people live who were verified before the account knew it."""
    Account = apps.get_model("accounts", "Account")
    Verification = apps.get_model("accounts", "Verification")
    approved = Verification.objects.filter(status="APPROVED").order_by("decided_at", "id")
    for case in approved.iterator():
        try:
            content = unseal(case.sealed_form, purpose=f"verification:{case.pk}:form")
        except SealBroken:
            # Its key is gone: the next approval says it.
            continue
        form = json.loads(content)
        country = form.get("address_country") or form.get("country", "")
        if country:
            Account.objects.filter(id=case.account_id).update(country=country)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_tries_noted_and_reasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='country',
            field=models.CharField(blank=True, db_default='', default='', max_length=2),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='accounts_account_country_is_a_code'),
        ),
        migrations.RunPython(note_countries, migrations.RunPython.noop),
    ]
