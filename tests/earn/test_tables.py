"""The tables of Earn refuse what must never be true, each constraint by its name."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from mooring.kernel import db
from tests.earn.statements import change, copy, locked, position, redemption, terms, without
from tests.earn.world import OPENING, work

NEW_YEAR = "'2026-01-01'"

BROKEN_BY = [
    ("earn_product_kind_known", change("earn_product", kind="'ELASTIC'")),
    ("earn_product_code_key", copy("earn_product")),
    # --- terms ---
    ("earn_terms_one_per_time", copy("earn_terms")),
    ("earn_terms_early_redemption_known", terms(early_redemption="'PERHAPS'")),
    ("earn_terms_claw_back_known", terms(claw_back="'SOME'")),
    ("earn_terms_minimum_positive", terms(minimum="0")),
    ("earn_terms_minimum_positive", terms(minimum="'NaN'")),
    ("earn_terms_minimum_remaining_not_negative", terms(minimum_remaining="-1")),
    ("earn_terms_minimum_remaining_not_negative", terms(minimum_remaining="'NaN'")),
    ("earn_terms_quota_positive", terms(quota_per_person="0")),
    ("earn_terms_quota_positive", terms(quota_per_person="'NaN'")),
    ("earn_terms_fee_rate_is_a_share", terms(fee_rate="1")),
    ("earn_terms_fee_rate_is_a_share", terms(fee_rate="-0.1")),
    ("earn_terms_fee_rate_is_a_share", terms(fee_rate="'NaN'")),
    ("earn_terms_apr_is_a_rate", terms(apr="-0.1")),
    ("earn_terms_apr_is_a_rate", terms(apr="'NaN'")),
    ("earn_terms_locked_has_rate_and_length", terms(apr="NULL")),
    ("earn_terms_locked_has_rate_and_length", terms(duration_days="NULL")),
    ("earn_terms_locked_has_rate_and_length", terms(duration_days="0")),
    ("earn_terms_delivery_window_in_order", terms(delivery_hours_max="47")),
    ("earn_terms_grace_ends_before_delivery", terms(grace_seconds="48 * 3600 + 1")),
    ("earn_terms_duration_days_check", terms(duration_days="-1")),
    ("earn_terms_redeem_period_days_check", terms(redeem_period_days="-1")),
    ("earn_terms_delivery_hours_min_check", terms(delivery_hours_min="-1")),
    ("earn_terms_delivery_hours_max_check", terms(delivery_hours_max="-1")),
    ("earn_terms_grace_seconds_check", terms(grace_seconds="-1")),
    # --- rates ---
    ("earn_rate_one_per_minute", copy("earn_rate")),
    ("earn_rate_apr_is_a_rate", change("earn_rate", apr="-0.01")),
    ("earn_rate_apr_is_a_rate", change("earn_rate", apr="'NaN'")),
    ("earn_rate_growth_at_least_one", change("earn_rate", growth="0.999")),
    ("earn_rate_growth_at_least_one", change("earn_rate", growth="'NaN'")),
    # --- positions ---
    (
        "earn_position_kind_known",
        without("earn_position", "earn_position_facts_of_its_kind", position(kind="'ELASTIC'")),
    ),
    ("earn_position_status_known", position(status="'GONE'", exit="'FLEXIBLE'")),
    ("earn_position_exit_agrees_with_status", position(exit="'FLEXIBLE'")),
    ("earn_position_exit_agrees_with_status", locked(status="'REDEEMING'")),
    ("earn_position_exit_agrees_with_status", locked(status="'REDEEMING'", exit="'SIDEWAYS'")),
    (
        "earn_position_one_live_flexible_per_product",
        copy("earn_position", principal_account=0, where="kind = 'FLEXIBLE'"),
    ),
    (
        "earn_position_principal_account_unique",
        copy("earn_position", where="kind = 'LOCKED'"),
    ),
    (
        "earn_position_closed_at_agrees_with_status",
        position(status="'PAID'", exit="'FLEXIBLE'"),
    ),
    (
        "earn_position_closed_at_agrees_with_status",
        position(status="'PAID'", exit="'FLEXIBLE'", closed_at=NEW_YEAR),
    ),
    ("earn_position_closed_at_agrees_with_status", position(closed_at="opened_at")),
    ("earn_position_facts_of_its_kind", position(accrued_minute="NULL")),
    ("earn_position_facts_of_its_kind", position(growth="NULL")),
    ("earn_position_facts_of_its_kind", position(carry="NULL")),
    ("earn_position_facts_of_its_kind", position(value_date=NEW_YEAR)),
    *(
        ("earn_position_facts_of_its_kind", locked(**{column: "NULL"}))
        for column in (
            *("rewards_account", "redeeming_account", "value_date", "rewards_end"),
            *("delivers_at", "days_accrued", "days_paid"),
        )
    ),
    ("earn_position_facts_of_its_kind", locked(accrued_minute="1")),
    ("earn_position_carry_below_unit", position(carry="0.00000001")),
    ("earn_position_carry_below_unit", position(carry="-1e-30")),
    ("earn_position_carry_below_unit", position(carry="'NaN'")),
    ("earn_position_growth_at_least_one", position(growth="0.5")),
    ("earn_position_growth_at_least_one", position(growth="'NaN'")),
    ("earn_position_days_paid_were_accrued", locked(days_paid="days_accrued + 1")),
    ("earn_position_days_paid_were_accrued", locked(days_paid="-1")),
    ("earn_position_dates_in_order", locked(rewards_end="value_date")),
    ("earn_position_dates_in_order", locked(delivers_at="rewards_end - INTERVAL '1 second'")),
    # --- subscriptions ---
    ("earn_subscription_request_once", copy("earn_subscription")),
    ("earn_subscription_amount_positive", change("earn_subscription", amount="0")),
    ("earn_subscription_amount_positive", change("earn_subscription", amount="'NaN'")),
    # --- redemptions ---
    ("earn_redemption_request_once", copy("earn_redemption")),
    (
        "earn_redemption_one_live_per_locked_position",
        copy("earn_redemption", request_key="'x'::text", where="type = 'EARLY'"),
    ),
    ("earn_redemption_type_known", redemption(type="'SIDEWAYS'")),
    ("earn_redemption_status_known", redemption(status="'LOST'")),
    ("earn_redemption_destination_known", redemption(destination="'MOON'")),
    ("earn_redemption_amount_positive", redemption(amount="0", net="0")),
    ("earn_redemption_amount_positive", redemption(amount="'NaN'", net="'NaN'")),
    ("earn_redemption_net_adds_up", redemption(net="net + 1")),
    ("earn_redemption_net_adds_up", redemption(deducted="-1", net="amount + 1")),
    ("earn_redemption_net_adds_up", redemption(fee="-1", net="amount + 1")),
    ("earn_redemption_net_adds_up", redemption(forfeited="-1")),
    ("earn_redemption_deducted_bounded", redemption(deducted="'NaN'")),
    ("earn_redemption_fee_bounded", redemption(fee="'NaN'")),
    ("earn_redemption_forfeited_bounded", redemption(forfeited="'NaN'")),
    (
        "earn_redemption_rewards_added_bounded",
        without(
            "earn_redemption", "earn_redemption_net_adds_up", redemption(rewards_added="'NaN'")
        ),
    ),
    ("earn_redemption_net_bounded", redemption(net="'NaN'", rewards_added="'NaN'")),
    (
        "earn_redemption_window_in_order",
        redemption(arrives_from="requested_at - INTERVAL '1 second'"),
    ),
    (
        "earn_redemption_window_in_order",
        redemption(arrives_until="arrives_from - INTERVAL '1 second'"),
    ),
    ("earn_redemption_times_agree_with_status", redemption(paid_at=NEW_YEAR)),
    ("earn_redemption_times_agree_with_status", redemption(cancelled_at=NEW_YEAR)),
    ("earn_redemption_times_agree_with_status", redemption(status="'PAID'")),
    ("earn_redemption_times_agree_with_status", redemption(status="'CANCELLED'")),
    # --- closes ---
    ("earn_day_close_once", copy("earn_day_close")),
]


@pytest.fixture
def rows(world):
    """A row of every kind: a flexible position, a locked one that holds and one that was left."""
    world.subscribe("1000")
    world.subscribe("1000", "LOCK")
    world.redeem(world.subscribe("1000", "LOCK"), at=OPENING)
    work(OPENING.replace(day=2, hour=0))


@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(rows, owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint


@pytest.mark.parametrize(
    "statement",
    [
        change("earn_terms", minimum="'Infinity'"),
        change("earn_subscription", amount="'Infinity'"),
        change("earn_redemption", net="'Infinity'", amount="'Infinity'"),
        change("earn_position", growth="'Infinity'", where="kind = 'FLEXIBLE'"),
        change("earn_rate", apr="'Infinity'"),
    ],
)
def test_no_figure_is_infinite(rows, owner, statement):
    with owner():
        with pytest.raises(DataError, match="overflow"), transaction.atomic():
            db.execute(statement)
