"""Models and refusals keep the house rules, and each rule catches a planted violation."""

import importlib
import pkgutil
from typing import ClassVar

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint, Q
from django.test.utils import isolate_apps

import mooring
from mooring.kernel.errors import Refusal
from tests.house import model_fences as fences
from tests.house.tree import layers

LAYERS = layers()
MODELS = [model for model in apps.get_models() if model.__module__.startswith("mooring.")]


@pytest.fixture(scope="module")
def known_refusals():
    """Every refusal of the product, whichever module it hides in."""
    for module in pkgutil.walk_packages(mooring.__path__, "mooring."):
        # Settings of other environments refuse to load here, and `__main__` would run.
        if not module.name.startswith("mooring.settings") and "__main__" not in module.name:
            importlib.import_module(module.name)
    return [found for found in fences.refusals() if found.__module__.startswith("mooring.")]


def test_foreign_keys_point_down():
    assert fences.upward_foreign_keys(MODELS, LAYERS) == []


def test_an_account_is_referenced_by_a_foreign_key():
    assert fences.bare_references(MODELS) == []


def test_choices_are_true_of_the_table():
    assert fences.choices_without_check(MODELS) == []


def test_every_model_says_what_it_knows_of_people():
    assert fences.without_pii_note(MODELS) == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_showing_a_row_asks_nothing(model, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert repr(fences.instance_of(model))


def test_every_refusal_has_a_code_of_its_own(known_refusals):
    assert known_refusals
    assert fences.refusals_without_own_code(known_refusals) == []


def test_every_refusal_says_what_it_means(known_refusals):
    assert fences.refusals_undocumented(known_refusals) == []


#: Refusals that only operators and integrators meet: on the command line and by the API, in
#: English.
OPERATORS_ONLY = {
    "api_bad_key_format",
    "api_bad_symbol",
    "api_duplicate_parameter",
    "api_illegal_characters",
    "api_interval_too_long",
    "api_key_rejected",
    "api_mixed_parameters",
    "api_no_such_order",
    "api_not_supported",
    "api_nothing_to_claim",
    "api_one_or_the_other",
    "api_over_limit",
    "api_parameter_invalid",
    "api_parameter_missing",
    "api_recv_window_too_long",
    "api_refusal",
    "api_sent_before",
    "api_signature_invalid",
    "api_timestamp_outside",
    "api_too_fast",
    "api_too_many_parameters",
    "api_too_precise",
    "api_unknown_order",
    "api_unknown_path",
    "asset_price_already_quoted",
    "asset_registered_otherwise",
    "cursor_malformed",
    "earn_amount_exceeds_pledge",
    "earn_daily_tiers_malformed",
    "earn_pledge_not_found",
    "earn_pledge_not_possible",
    "earn_stake_too_small",
    "idempotency_key_needed",
    "idempotency_key_reused",
    "policy_effective_in_the_past",
    "policy_reason_missing",
    "policy_unknown",
    "policy_value_out_of_range",
    "request_body_malformed",
    "request_limit_reached",
    "request_not_identified",
    "request_refused",
    "request_timestamp_outside",
    "staff_not_found",
    "wallet_amount_not_positive",
    "wallet_key_malformed",
    "wallet_same_wallet",
    "wallet_too_many_decimals",
}


def test_every_refusal_has_a_sentence_for_people(known_refusals):
    sentences = importlib.import_module("mooring.web.refusals")._SENTENCES
    assert fences.refusals_without_sentence(known_refusals, sentences, OPERATORS_ONLY) == []
    codes = {refusal.code for refusal in known_refusals}
    assert codes >= OPERATORS_ONLY, "an exemption is of a refusal that is gone"
    assert not OPERATORS_ONLY & set(sentences), "an exemption is not needed"


# --- planted ---


@isolate_apps()
def test_a_foreign_key_upwards_is_caught():
    class Page(models.Model):
        class Meta:
            app_label = "web"

    class Journal(models.Model):
        page = models.OneToOneField(Page, on_delete=models.PROTECT)

        class Meta:
            app_label = "ledger"

    class View(models.Model):
        journal = models.ForeignKey(Journal, on_delete=models.PROTECT)

        class Meta:
            app_label = "web"

    found = fences.upward_foreign_keys([Page, Journal, View], LAYERS)
    assert found == ["ledger.Journal.page -> web.Page"]


@isolate_apps()
def test_a_bare_account_id_is_caught():
    class Stake(models.Model):
        account_id = models.BigIntegerField()

        class Meta:
            app_label = "earn"

    assert fences.bare_references([Stake]) == ["earn.Stake.account_id"]


@isolate_apps()
def test_choices_that_the_table_does_not_know_are_caught():
    class Stake(models.Model):
        checked = models.CharField(choices=[("A", "a"), ("B", "b")])
        unchecked = models.CharField(choices=[("A", "a")])
        outgrown = models.CharField(choices=[("A", "a"), ("B", "b")])

        class Meta:
            app_label = "earn"
            constraints: ClassVar = [
                CheckConstraint(condition=Q(checked__in=["A", "B"]), name="one"),
                CheckConstraint(condition=Q(outgrown__in=["A"]), name="two"),
            ]

    assert fences.choices_without_check([Stake]) == ["earn.Stake.unchecked", "earn.Stake.outgrown"]


@isolate_apps()
def test_a_model_without_a_note_on_people_is_caught():
    class Silent(models.Model):
        """Says nothing."""

        class Meta:
            app_label = "earn"

    class Half(models.Model):
        """
        Says what, not until when.

        .. pii: the name
        """

        class Meta:
            app_label = "earn"

    assert fences.without_pii_note([Silent, Half]) == ["earn.Silent", "earn.Half"]


@isolate_apps()
@pytest.mark.django_db
def test_a_row_that_asks_to_be_shown_is_caught(django_assert_num_queries):
    class Account(models.Model):
        class Meta:
            app_label = "accounts"

    class Stake(models.Model):
        account = models.ForeignKey(Account, on_delete=models.PROTECT)

        class Meta:
            app_label = "earn"

        def __str__(self):
            return f"of {self.account}"

    # The tables do not exist: asking fails, where a text without a question would succeed.
    with pytest.raises(Exception, match="does not exist"):
        str(fences.instance_of(Stake))


def test_a_refusal_without_a_code_of_its_own_is_caught():
    class First(Refusal):
        code = "first_one"

    class Second(Refusal):
        code = "first_one"

    class Heir(First):
        pass

    class Shouting(Refusal):
        code = "FIRST"

    assert fences.refusals_without_own_code([First, Second, Heir, Shouting]) == [
        f"{Second.__qualname__} has the code of {First.__qualname__}",
        f"{Heir.__qualname__} has no code of its own",
        f"{Shouting.__qualname__} has no code of its own",
    ]
    assert len(fences.refusals_undocumented([First, Second])) == 2


def test_a_refusal_without_a_sentence_is_caught():
    class Said(Refusal):
        code = "said"

    class Unsaid(Refusal):
        code = "unsaid"

    class Internal(Refusal):
        code = "internal"

    found = fences.refusals_without_sentence([Said, Unsaid, Internal], ["said"], ["internal"])
    assert found == ["unsaid"]
