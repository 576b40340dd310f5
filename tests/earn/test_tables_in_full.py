"""The tables beyond simple positions refuse what must never be true, each by its name."""

import pytest
from django.db import IntegrityError, connection, transaction

from mooring.kernel import db
from tests.earn.statements import change, copy, locked, position, redemption, terms
from tests.earn.world import OPENING

NO_SHARES = ("1", "-0.1", "'NaN'")
NO_AMOUNTS = ("0", "-1", "'NaN'")
NEGATIVE = ("-1", "'NaN'")
NOTHING = "' '"
NOW = "'2026-03-01 12:00+00'"


def each(constraint, statement, column, values, **others):
    """Return a row for each value of one column that the constraint refuses."""
    return [(constraint, statement(**({column: value} | others))) for value in values]


def of(table, where="TRUE"):
    return lambda **columns: change(table, where=where, **columns)


daily_rate, pledge = of("earn_daily_rate"), of("earn_pledge")
unbonding, window = of("earn_unbonding"), of("earn_window")
subscription, ratio = of("earn_subscription"), of("earn_ratio")


def proposal(**columns):
    """Another proposal with columns changed: one that is there says what it said."""
    shape = {
        "kind": "'RATE'", "subject": "'FLEX'", "payload": "'{}'", "effective_from": NOW,
        "status": "'PENDING'", "proposed_by": "'first'", "proposed_at": NOW, "decided_by": "''",
        "decided_at": "NULL", "reason": "''",
    } | columns  # fmt: skip
    return f"INSERT INTO earn_proposal ({', '.join(shape)}) VALUES ({', '.join(shape.values())})"


def taken_back(**columns):
    shape = {
        "kind": "'RATE'", "effective_from": "'2026-04-01'", "number": "0.1", "taken_back_at": NOW,
    } | columns  # fmt: skip
    return (
        f"INSERT INTO earn_taken_back (product_id, {', '.join(shape)})"
        f" SELECT id, {', '.join(shape.values())} FROM earn_product WHERE code = 'FLEX'"
    )


PRODUCTS = [
    ("earn_product_family_known", change("earn_product", family="'ROYAL'")),
    ("earn_product_liquid_has_a_token", change("earn_product", kind="'LIQUID'")),
    ("earn_product_liquid_has_a_token", change("earn_product", token="'BTC'")),
    ("earn_product_token_once", copy("earn_product", where="kind = 'LIQUID'", code="'X'::text")),
    # --- terms ---
    *each("earn_terms_maximum_positive", terms, "maximum", NO_AMOUNTS),
    *each("earn_terms_quota_total_positive", terms, "quota_total", NO_AMOUNTS),
    *each(
        "earn_terms_daily_limit_per_person_positive", terms, "daily_limit_per_person", NO_AMOUNTS
    ),
    *each("earn_terms_daily_limit_total_positive", terms, "daily_limit_total", NO_AMOUNTS),
    *each("earn_terms_redeem_minimum_not_negative", terms, "redeem_minimum", NEGATIVE),
    *each("earn_terms_standard_fee_rate_is_a_share", terms, "standard_fee_rate", NO_SHARES),
    ("earn_terms_standard_days_check", terms(standard_days="-1")),
    ("earn_terms_can_be_left", change("earn_terms", where="apr IS NULL", is_instant="FALSE")),
    # --- rates by the day, ratios, unbonding ---
    ("earn_daily_rate_tier_once", copy("earn_daily_rate")),
    *each("earn_daily_rate_above_not_negative", daily_rate, "above", NEGATIVE),
    ("earn_daily_rate_up_to_positive", daily_rate(up_to="'NaN'")),
    ("earn_daily_rate_tier_in_order", daily_rate(above="5", up_to="5")),
    *each("earn_daily_rate_is_a_rate", daily_rate, "rate", NEGATIVE),
    ("earn_ratio_one_per_time", copy("earn_ratio")),
    *each("earn_ratio_positive", ratio, "ratio", NO_AMOUNTS),
    ("earn_unbonding_one_per_time", copy("earn_unbonding")),
    ("earn_unbonding_in_order", unbonding(hours_max="hours_min - 1")),
    ("earn_unbonding_in_order", unbonding(hours_max="24 * 400 + 1")),
    ("earn_unbonding_hours_min_check", unbonding(hours_min="-1")),
    ("earn_unbonding_hours_max_check", unbonding(hours_max="-1")),
    ("earn_daily_close_once", copy("earn_daily_close")),
    ("earn_daily_payout_once", copy("earn_daily_payout")),
    # --- windows, standing wishes, proposals ---
    ("earn_window_of_one_thing", window(product_id="1", asset="'USDT'")),
    ("earn_window_stops_something", window(stops_subscriptions="FALSE")),
    ("earn_window_in_order", window(expected_end="starts_at")),
    ("earn_window_in_order", window(ended_at="starts_at - INTERVAL '1 second'")),
    ("earn_window_has_a_reason", window(reason=NOTHING)),
    ("earn_window_has_an_author", window(author=NOTHING)),
    ("earn_auto_subscription_once", copy("earn_auto_subscription")),
    ("earn_proposal_kind_known", proposal(kind="'MARRIAGE'")),
    (
        "earn_proposal_status_known",
        proposal(status="'FORGOTTEN'", decided_by="'someone'", decided_at=NOW),
    ),
    ("earn_proposal_decision_agrees_with_status", proposal(decided_at=NOW)),
    ("earn_proposal_decision_agrees_with_status", proposal(decided_by="'someone'")),
    ("earn_proposal_decision_agrees_with_status", proposal(status="'APPROVED'")),
    (
        "earn_proposal_decided_by_another",
        proposal(status="'APPROVED'", decided_by="'first'", decided_at=NOW),
    ),
    ("earn_proposal_has_an_author", proposal(proposed_by=NOTHING)),
    ("earn_taken_back_kind_known", taken_back(kind="'BONUS'")),
    *each("earn_taken_back_number_bounded", taken_back, "number", ("-1", "1e9", "'NaN'")),
    ("earn_taken_back_not_begun", taken_back(effective_from=NOW)),
]
POSITIONS = [
    *each("earn_position_bonus_carry_below_unit", position, "bonus_carry", ("1e-8", *NEGATIVE)),
    *each("earn_position_extra_carry_below_unit", position, "extra_carry", ("1e-8", *NEGATIVE)),
    *each("earn_position_credited_total_not_negative", position, "credited_total", NEGATIVE),
    ("earn_position_daily_paid_after_booked", position(daily_booked="NULL", daily_paid=NOW)),
    ("earn_position_daily_paid_after_booked", position(daily_booked=NOW, daily_paid="NULL")),
    (
        "earn_position_daily_paid_after_booked",
        position(daily_booked="'2026-03-02'", daily_paid="'2026-03-03'"),
    ),
    *each("earn_position_low_not_negative", position, "low", NEGATIVE, low_day=NOW),
    ("earn_position_low_has_a_day", position(low="1", low_day="NULL")),
    ("earn_position_low_has_a_day", position(low="NULL", low_day=NOW)),
    ("earn_position_pledged_is_booked", position(pledged="1", pledged_account="NULL")),
    ("earn_position_pledged_is_booked", locked(pledged="1", pledged_account="1")),
    *each("earn_position_pledged_not_negative", position, "pledged", NEGATIVE, pledged_account="1"),
    ("earn_position_queued_is_booked", position(queued="1", redeeming_account="NULL")),
    ("earn_position_queued_is_booked", locked(queued="1")),
    *each("earn_position_queued_not_negative", position, "queued", NEGATIVE, redeeming_account="1"),
    ("earn_position_redeem_to_known", locked(redeem_to="'MOON'")),
    (
        "earn_position_renewed_once",
        position(where="kind = 'LOCKED'", renewed_from_id="(SELECT min(id) FROM earn_position)"),
    ),
    # --- pledges ---
    ("earn_pledge_request_once", copy("earn_pledge")),
    *each("earn_pledge_amount_positive", pledge, "amount", NO_AMOUNTS),
    ("earn_pledge_released_not_negative", pledge(released="-1")),
    *each("earn_pledge_released_at_agrees", pledge, "released", ("amount", "amount + 1", "'NaN'")),
    ("earn_pledge_released_at_agrees", pledge(released_at=NOW)),
    ("earn_pledge_has_a_holder", pledge(holder=NOTHING)),
]
MOVEMENTS = [
    ("earn_subscription_from_funding_not_negative", subscription(from_funding="-1")),
    ("earn_subscription_from_funding_is_a_part", subscription(from_funding="amount + 1")),
    *each("earn_subscription_tokens_positive", subscription, "tokens", NO_AMOUNTS, ratio="1"),
    *each("earn_subscription_ratio_positive", subscription, "ratio", NO_AMOUNTS, tokens="1"),
    ("earn_subscription_tokens_at_a_ratio", subscription(tokens="1")),
    ("earn_subscription_tokens_at_a_ratio", subscription(ratio="1")),
    # --- redemptions ---
    *each("earn_redemption_ratio_positive", redemption, "ratio", NO_AMOUNTS, type="'LIQUID'"),
    # Tokens leave at a ratio, and nothing else does.
    ("earn_redemption_net_adds_up", redemption(type="'LIQUID'")),
    ("earn_redemption_net_adds_up", redemption(ratio="1")),
    *each("earn_redemption_reward_deducted_not_negative", redemption, "reward_deducted", NEGATIVE),
    *each(
        "earn_redemption_reward_forfeited_not_negative", redemption, "reward_forfeited", NEGATIVE
    ),
    *each("earn_redemption_reward_kept_not_negative", redemption, "reward_kept", NEGATIVE),
    *each("earn_redemption_reward_price_positive", redemption, "reward_price", NO_AMOUNTS),
    ("earn_redemption_days_paid_were_accrued", redemption(days_accrued="1")),
    ("earn_redemption_days_paid_were_accrued", redemption(days_accrued="1", days_paid="2")),
    ("earn_redemption_days_paid_were_accrued", redemption(days_accrued="1", days_paid="-1")),
    ("earn_redemption_speed_known", redemption(type="'FLEXIBLE'", speed="'LIGHT'")),
    ("earn_redemption_speed_of_a_flexible", redemption(type="'FLEXIBLE'")),
    ("earn_redemption_speed_of_a_flexible", redemption(speed="'FAST'")),
    (
        "earn_redemption_queued_because_known",
        redemption(queued_because="'WHIM'", runs_at="requested_at"),
    ),
    ("earn_redemption_queued_until", redemption(queued_because="'DAILY_LIMIT'")),
    ("earn_redemption_queued_until", redemption(runs_at="requested_at")),
    (
        "earn_redemption_queued_until",
        redemption(queued_because="'DAILY_LIMIT'", runs_at="requested_at - INTERVAL '1 second'"),
    ),
    ("earn_redemption_times_agree_with_status", redemption(status="'QUEUED'")),
    (
        "earn_redemption_days_paid_were_accrued",
        redemption(days_accrued="1", days_paid="2"),
    ),
    (
        "earn_redemption_days_paid_were_accrued",
        redemption(days_accrued="1", days_paid="-1"),
    ),
    (
        "earn_redemption_days_paid_were_accrued",
        redemption(days_accrued="NULL", days_paid="0"),
    ),
    (
        "earn_redemption_days_paid_were_accrued",
        redemption(days_accrued="0", days_paid="NULL"),
    ),
    ("earn_redemption_diverted_says_why", redemption(diverted_to="'SPOT'")),
    ("earn_redemption_diverted_says_why", redemption(diverted_because="'quota_full'")),
    (
        "earn_redemption_diverted_says_why",
        redemption(diverted_to="'MOON'", diverted_because="'quota_full'"),
    ),
]

#: A row of each table that no action of the fixture writes.
ROWS = (
    "INSERT INTO earn_product (code, kind, family, asset, token, subscriptions_open)"
    " VALUES ('STAKED', 'LIQUID', 'ONCHAIN', 'USDT', 'BTC', TRUE)",
    "INSERT INTO earn_ratio (product_id, effective_from, ratio)"
    " SELECT id, '2026-03-01', 1.05 FROM earn_product WHERE code = 'STAKED'",
    "INSERT INTO earn_unbonding (asset, effective_from, hours_min, hours_max, note)"
    " VALUES ('USDT', '2026-03-01', 24, 72, '')",
    "INSERT INTO earn_daily_rate (product_id, from_day, asset, above, up_to, rate)"
    " SELECT id, '2026-03-01', 'BTC', 0, 1000, 0.01 FROM earn_product WHERE code = 'FLEX'",
    "INSERT INTO earn_daily_close (product_id, day, positions, closed_at)"
    " SELECT id, '2026-02-01', 0, '2026-03-01' FROM earn_product WHERE code = 'FLEX'",
    "INSERT INTO earn_daily_payout (product_id, day, positions, paid_at)"
    " SELECT id, '2026-02-01', 0, '2026-03-01' FROM earn_product WHERE code = 'FLEX'",
    "INSERT INTO earn_window (product_id, stops_subscriptions, stops_redemptions, reason,"
    " starts_at, expected_end, author)"
    " SELECT id, TRUE, FALSE, 'repairs', '2026-02-01', '2026-02-02', 'operator'"
    " FROM earn_product WHERE code = 'FLEX'",
    "INSERT INTO earn_auto_subscription (account_id, product_id, is_on, changed_at,"
    " consent_version) SELECT account_id, product_id, TRUE, opened_at, '1'"
    " FROM earn_position WHERE kind = 'FLEXIBLE'",
    "INSERT INTO earn_proposal (kind, subject, payload, effective_from, status, proposed_by,"
    " proposed_at, decided_by, reason) VALUES ('RATE', 'FLEX', '{}', '2026-04-01', 'PENDING',"
    " 'first', '2026-03-01', '', '')",
    "INSERT INTO earn_pledge (account_id, position_id, request_key, holder, amount, released,"
    " pledged_at) SELECT account_id, id, 'k', 'loan 1', 5, 0, opened_at"
    " FROM earn_position WHERE kind = 'FLEXIBLE'",
)


@pytest.fixture
def rows(world, owner):
    """A row of every table, and positions of every kind; undone before the books are audited."""
    world.subscribe("1000")
    world.subscribe("1000", "LOCK")
    world.redeem(world.subscribe("1000", "LOCK"), at=OPENING)
    with transaction.atomic():
        with owner():
            for statement in ROWS:
                db.execute(statement)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(("constraint", "statement"), [*PRODUCTS, *POSITIONS, *MOVEMENTS])
def test_the_table_refuses(rows, owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint
