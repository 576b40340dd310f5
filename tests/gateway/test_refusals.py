"""Every refusal that the API can meet has a code abroad."""

import importlib
import pkgutil

import mooring
from mooring.gateway.binance.errors import ApiRefusal
from mooring.gateway.binance.refusals import CODES
from tests.house import model_fences as fences

#: What only pages, our own API, commands and jobs meet. A new refusal is in neither list: its
#: author decides.
ELSEWHERE = frozenset(
    [
        "anti_phishing_code_malformed",
        "api_key_label_malformed",
        "api_key_networks_malformed",
        "api_key_networks_missing",
        "api_key_order_wrong",
        "api_key_private_key_pasted",
        "api_key_public_key_malformed",
        "api_key_refused",
        "api_key_right_unknown",
        "api_key_too_many",
        "api_key_type_unknown",
        "api_signature_wrong",
        "asset_no_price",
        "asset_price_already_quoted",
        "asset_registered_otherwise",
        "clock_only_moves_forward",
        "clock_too_far",
        "compliance_flag_unchanged",
        "contact_taken",
        "currency_not_offered",
        "currency_unknown",
        "cursor_malformed",
        "device_not_found",
        "document_views_used_up",
        "earn_amount_exceeds_pledge",
        "earn_daily_rates_in_the_past",
        "earn_daily_rates_not_possible",
        "earn_daily_tiers_malformed",
        "earn_end_not_possible",
        "earn_later_redemption_first",
        "earn_pledge_not_found",
        "earn_pledge_not_possible",
        "earn_proposal_decided",
        "earn_proposal_malformed",
        "earn_proposal_not_found",
        "earn_proposal_too_late",
        "earn_published_in_the_past",
        "earn_quote_changed",
        "earn_quote_expired",
        "earn_rate_after_end",
        "earn_rate_in_the_past",
        "earn_ratio_falls",
        "earn_second_person_needed",
        "earn_stake_too_small",
        "earn_undo_not_possible",
        "earn_window_malformed",
        "earn_window_not_found",
        "earn_window_over",
        "email_taken",
        "entrance_busy",
        "factor_exists",
        "factor_no_contact",
        "factor_not_found",
        "factor_strong_missing",
        "factor_stronger_proof_needed",
        "factor_too_many_passkeys",
        "idempotency_key_needed",
        "idempotency_key_reused",
        "identifier_malformed",
        "last_contact",
        "malformed_amount",
        "messages_used_up",
        "not_a_reviewer",
        "not_a_sandbox",
        "nothing_scheduled",
        "notice_not_found",
        "notice_security_stays_on",
        "password_unchanged",
        "passwords_used_up",
        "picture_not_taken",
        "policy_effective_in_the_past",
        "policy_reason_missing",
        "policy_unknown",
        "policy_value_out_of_range",
        "quote_unreadable",
        "recovery_not_approved",
        "recovery_not_found",
        "recovery_not_needed",
        "recovery_not_proven",
        "recovery_not_ready",
        "recovery_reason_wrong",
        "request_body_malformed",
        "request_limit_reached",
        "request_not_identified",
        "request_refused",
        "request_timestamp_outside",
        "sandbox_step_unknown",
        "session_not_found",
        "session_over",
        "staff_not_found",
        "step_up_not_found",
        "step_up_not_proven",
        "ticket_not_found",
        "ticket_text_missing",
        "ticket_too_many",
        "too_many_webhooks",
        "verification_decided",
        "verification_form_flawed",
        "verification_is_ones_own",
        "verification_level_ahead",
        "verification_level_taken",
        "verification_not_by_oneself",
        "verification_not_found",
        "verification_pending",
        "verification_reason_wrong",
        "verification_too_often",
        "webhook_address_refused",
        "webhook_delivery_not_found",
        "webhook_not_found",
        "webhook_refused",
        "webhook_topics_missing",
    ]
)


def refusals():
    for module in pkgutil.walk_packages(mooring.__path__, "mooring."):
        # Settings of other environments refuse to load here, and `__main__` would run.
        if not module.name.startswith("mooring.settings") and "__main__" not in module.name:
            importlib.import_module(module.name)
    found = (one for one in fences.refusals() if one.__module__.startswith("mooring."))
    return {one.code for one in found if not issubclass(one, ApiRefusal)}


def test_every_refusal_has_a_code_or_is_met_elsewhere():
    assert refusals() == CODES.keys() | ELSEWHERE
    assert not CODES.keys() & ELSEWHERE
