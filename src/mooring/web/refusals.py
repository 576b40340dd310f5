"""
What a refusal says to a person, in their language.

One sentence per code; the message of the exception is for logs and programs. Facts come from
the refusal's attributes, never from its message.
"""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount
from mooring.web import key_refusals, offer_refusals, recovery_refusals, webhook_refusals
from mooring.web.figures import amount_text
from mooring.web.templatetags.mooring import utc

_SENTENCES: Final[dict[str, Callable[[Any], str]]] = {
    "account_not_open": lambda _refusal: _("This account is not open."),
    **key_refusals.SENTENCES,
    **offer_refusals.SENTENCES,
    **recovery_refusals.SENTENCES,
    **webhook_refusals.SENTENCES,
    "anti_phishing_code_malformed": lambda _refusal: _(
        "Choose 4 to 20 letters (A to Z), digits, - or _, without blanks."
    ),
    "asset_no_price": lambda refusal: (
        _("There is no price for %(asset)s at the moment.") % {"asset": refusal.asset}
    ),
    "asset_unknown": lambda _refusal: _("There is no such asset."),
    "clock_only_moves_forward": lambda _refusal: _("The clock only moves forward."),
    "clock_too_far": lambda _refusal: _("The clock can be at most 20 years ahead."),
    "contact_taken": lambda _refusal: _(
        "This address or number cannot be used. Nothing was changed."
    ),
    "currency_not_offered": lambda _refusal: _("Values cannot be shown in this currency."),
    "email_taken": lambda _refusal: _("This e-mail address cannot be used."),
    "currency_unknown": lambda _refusal: _("Values cannot be shown in this currency."),
    "earn_above_maximum": lambda refusal: (
        _("The most this product takes at a time is %(maximum)s.")
        % {"maximum": _line(refusal.maximum)}
    ),
    "earn_above_total_quota": lambda refusal: (
        _("The product is nearly full: all customers together have room for %(left)s more.")
        % {"left": _line(refusal.left)}
    ),
    "earn_country_not_known": lambda _refusal: _(
        "This product is not offered in every country. Verify your identity first, so that we "
        "know where you live. Nothing was moved."
    ),
    "earn_not_offered_in_country": lambda _refusal: _(
        "This product is not offered in your country. Nothing was moved, and what you hold in it "
        "can be redeemed as before."
    ),
    "earn_above_quota": lambda refusal: (
        _("That is more than one person may hold in this product: there is room for %(left)s.")
        % {"left": _line(refusal.left)}
    ),
    "earn_amount_exceeds_position": lambda refusal: (
        _("That is more than can be redeemed: %(free)s are free.") % {"free": _line(refusal.free)}
    ),
    "earn_amount_not_positive": lambda _refusal: _("Write an amount above zero."),
    "earn_amount_pledged": lambda refusal: (
        _("That is more than can be redeemed: %(free)s are free. Held as security: %(held)s.")
        % {
            "free": _line(refusal.free),
            "held": ", ".join(f"{_line(one.amount)} ({one.holder})" for one in refusal.pledges),
        }
    ),
    "earn_auto_subscription_not_possible": lambda _refusal: _(
        "Only a flexible product can be subscribed to by itself. Nothing was changed."
    ),
    "earn_below_minimum": lambda refusal: (
        _("The least this product takes is %(minimum)s.") % {"minimum": _line(refusal.minimum)}
    ),
    "earn_below_minimum_remaining": lambda refusal: (
        _(
            "Too little would stay: %(remaining)s, and the least is %(minimum)s. "
            "Redeem everything with Max, or a little less."
        )
        % {"remaining": _line(refusal.remaining), "minimum": _line(refusal.minimum)}
    ),
    "earn_below_redeem_minimum": lambda refusal: (
        _(
            "The least that leaves this product at a time is %(minimum)s. Write more, or redeem "
            "everything with Max."
        )
        % {"minimum": _line(refusal.minimum)}
    ),
    "earn_early_redemption_not_allowed": lambda refusal: (
        _("Under its terms this position cannot be left before %(time)s.")
        % {"time": utc(refusal.until)}
    ),
    "earn_estimate_amount_out_of_range": lambda refusal: (
        _("Write an amount from %(least)s to %(most)s.")
        % {"least": _line(refusal.least), "most": _line(refusal.most)}
    ),
    "earn_estimate_days_out_of_range": lambda refusal: (
        _("Write whole days, from %(least)s to %(most)s.")
        % {"least": refusal.least, "most": refusal.most}
    ),
    "earn_estimate_too_large": lambda _refusal: _(
        "That comes to more than can be counted. Write a smaller amount or fewer days."
    ),
    "earn_key_malformed": lambda _refusal: _(
        "This form cannot be read, so nothing was moved. Please start anew."
    ),
    "earn_later_redemption_first": lambda _refusal: _(
        "Something left this position after this part. Undo that first, then this one can come "
        "back. Nothing was changed."
    ),
    "earn_maturity_choice_too_late": lambda refusal: (
        _("What happens at the end could be changed until %(time)s. Nothing was changed.")
        % {"time": utc(refusal.until)}
    ),
    "earn_no_flexible_product": lambda refusal: (
        _("There is no flexible product of %(asset)s. Nothing was changed.")
        % {"asset": refusal.asset}
    ),
    "earn_not_renewable": lambda _refusal: _(
        "This product opens no new position at the end. Nothing was changed."
    ),
    "earn_position_has_no_end": lambda _refusal: _(
        "This position has no end: it stays until you redeem it. Nothing was changed."
    ),
    "earn_position_not_found": lambda _refusal: _("There is no such position."),
    "earn_position_not_holding": lambda _refusal: _("This position has been redeemed already."),
    "earn_product_not_found": lambda _refusal: _("There is no such product."),
    "earn_product_not_open": lambda _refusal: _(
        "This product takes no new money at the moment. Leaving it stays possible."
    ),
    "earn_quote_changed": lambda _refusal: _(
        "The position has changed since this quote, so nothing was redeemed. "
        "Here are the new figures."
    ),
    "earn_quote_expired": lambda _refusal: _(
        "The quote's time was over, so nothing was redeemed. Here are the new figures."
    ),
    "earn_proposal_decided": lambda _refusal: _(
        "Somebody decided this proposal already. Nothing was changed."
    ),
    "earn_proposal_malformed": lambda refusal: (
        _("%(field)s must be %(allowed)s. Nothing was changed.")
        % {"field": refusal.field, "allowed": _(refusal.template) % refusal.facts}
    ),
    "earn_proposal_not_found": lambda _refusal: _("There is no such proposal."),
    "earn_proposal_too_late": lambda refusal: (
        _("A change takes effect at a time to come; %(time)s is over. Nothing was changed.")
        % {"time": utc(refusal.effective_from)}
    ),
    "earn_redemption_not_found": lambda _refusal: _("There is no such redemption."),
    "earn_speed_not_offered": lambda _refusal: _(
        "This product has no slower way out. Nothing was redeemed."
    ),
    "earn_above_daily_quota": lambda refusal: (
        _(
            "Today you can redeem %(left)s more; the limit begins anew at 00:00 UTC. Nothing was "
            "moved."
        )
        % {"left": _line(refusal.left)}
    ),
    "earn_liquid_staking_only": lambda _refusal: _(
        "This product is entered or left another way. Nothing was moved."
    ),
    "earn_ratio_not_known": lambda _refusal: _(
        "The conversion ratio of this product is not published yet. Nothing was moved."
    ),
    "earn_reward_price_not_known": lambda refusal: (
        _(
            "The terms take back %(amount)s of rewards, which are not in your spot wallet and have "
            "no price at the moment. Put them into spot, or wait. Nothing was redeemed."
        )
        % {"amount": _line(refusal.amount)}
    ),
    "earn_second_person_needed": lambda _refusal: _(
        "Somebody else has to decide what you proposed. Nothing was changed."
    ),
    "earn_subscriptions_stopped": lambda refusal: (
        _(
            "Maintenance: %(reason)s. Nothing can be subscribed before about %(time)s; nothing "
            "was moved. Leaving stays possible."
        )
        % {"reason": refusal.reason.rstrip("."), "time": utc(refusal.until)}
    ),
    "earn_undo_not_possible": lambda _refusal: _(
        "This redemption can no longer be undone. Nothing was changed."
    ),
    "earn_whole_position_only": lambda _refusal: _(
        "This position can only be redeemed as a whole. Nothing was moved."
    ),
    "earn_wrong_asset": lambda refusal: (
        _("The amount must be in %(asset)s.") % {"asset": refusal.asset}
    ),
    "factor_exists": lambda _refusal: _("This is set up already. Nothing was changed."),
    "factor_no_contact": lambda _refusal: _(
        "There is no confirmed address or number that codes could be sent to."
    ),
    "factor_not_found": lambda _refusal: _("There is no such factor."),
    "factor_strong_missing": lambda _refusal: _(
        "Recovery codes stand in for a passkey or an authenticator app. Add one of these first."
    ),
    "factor_stronger_proof_needed": lambda _refusal: _(
        "This is your last strong factor, so a code that we send is not enough to remove it. "
        "Confirm with the factor itself or with a recovery code. Nothing was changed."
    ),
    "factor_too_many_passkeys": lambda refusal: (
        _("You have %(maximum)s passkeys, as many as there can be. Remove one first.")
        % {"maximum": refusal.maximum}
    ),
    "entrance_busy": lambda _refusal: _(
        "Many people come at this moment. Nothing was lost: please try again in a minute."
    ),
    "identifier_malformed": lambda _refusal: _(
        "Write an e-mail address, or a mobile number that begins with + and the country."
    ),
    "insufficient_funds": lambda _refusal: _(
        "Your balance does not cover this amount. Nothing was moved."
    ),
    "key_reused": lambda _refusal: _(
        "This form was sent before with other figures, so nothing was moved. Please start anew."
    ),
    "ledger_account_closed": lambda _refusal: _("This account is closed. Nothing was moved."),
    "last_contact": lambda _refusal: _(
        "This is the only way to reach you, so it stays. Add another one first."
    ),
    "malformed_amount": lambda refusal: (
        _("Write the amount in plain digits with at most %(decimals)s decimals, for example 0.25.")
        % {"decimals": refusal.decimals_max}
    ),
    "notice_not_found": lambda _refusal: _("There is no such message."),
    "notice_security_stays_on": lambda _refusal: _(
        "Messages about security cannot be turned off. Nothing was changed."
    ),
    "messages_used_up": lambda _refusal: _(
        "Too many codes were asked for, for this address or number or from your network. Nothing "
        "was lost: use the latest code, or try again in an hour."
    ),
    "not_a_sandbox": lambda _refusal: _("This is possible in a sandbox only."),
    "nothing_scheduled": lambda _refusal: _(
        "Nothing is scheduled: there is no next event to go to."
    ),
    "passwords_used_up": lambda _refusal: _(
        "Passwords were tried too often in the last hour. Nothing was changed. "
        "Please try again later."
    ),
    "password_unchanged": lambda _refusal: _("This is your present password. Choose another one."),
    "quote_unreadable": lambda _refusal: _(
        "This quote cannot be read, so nothing was redeemed. Here are the new figures."
    ),
    "device_not_found": lambda _refusal: _("There is no such device."),
    "session_not_found": lambda _refusal: _("There is no such log-in."),
    "session_over": lambda _refusal: _(
        "This log-in has been ended, so nothing was changed. Please log in again."
    ),
    "step_up_not_found": lambda _refusal: _("There is nothing to confirm at this address."),
    "step_up_not_proven": lambda _refusal: _(
        "This was not confirmed in time, or it was confirmed already. Nothing more was changed."
    ),
    "sandbox_step_unknown": lambda _refusal: _("Choose one of the offered steps."),
    "compliance_flag_unchanged": lambda _refusal: _(
        "The flag is as wished already. Nothing was changed."
    ),
    "document_views_used_up": lambda refusal: (
        _(
            "You have looked at %(count)s forms and pictures within 24 hours, which is the limit. "
            "Nothing was decided; another reviewer can go on."
        )
        % {"count": refusal.views_max}
    ),
    "not_a_reviewer": lambda _refusal: _("This log-in may not review. Nothing was changed."),
    "picture_not_taken": lambda _refusal: _("This picture cannot be taken. Choose another one."),
    "verification_decided": lambda _refusal: _(
        "This case was decided already, so nothing was changed. Look at the decision below."
    ),
    "verification_form_flawed": lambda _refusal: _(
        "Something needs another look. Nothing was kept yet: choose the pictures again, too."
    ),
    "verification_is_ones_own": lambda _refusal: _(
        "This is your own account: another reviewer must look at it. Nothing was changed."
    ),
    "verification_level_ahead": lambda _refusal: _(
        "This level can be asked for once the level before it is verified."
    ),
    "verification_level_taken": lambda _refusal: _(
        "You are verified at this level already. There is nothing more to send."
    ),
    "verification_not_by_oneself": lambda _refusal: _("This is possible in a sandbox only."),
    "verification_not_found": lambda _refusal: _("There is no such verification."),
    "verification_pending": lambda _refusal: _(
        "What you sent before is being looked at, so nothing new was taken."
    ),
    "verification_too_often": lambda _refusal: _(
        "Many forms were sent within an hour. Nothing was kept; please try again in an hour."
    ),
    "verification_reason_wrong": lambda _refusal: _(
        "Write a reason of at most 300 characters: the customer reads it. Nothing was decided."
    ),
    "ticket_not_found": lambda _refusal: _("There is no such question."),
    "ticket_text_missing": lambda refusal: (
        _("Write what you want to say, in at most %(longest)s characters. Nothing was sent.")
        % {"longest": refusal.longest}
    ),
    "ticket_too_many": lambda refusal: (
        _(
            "%(maximum)s of your questions wait for an answer already. Nothing was sent; please "
            "wait for one of them."
        )
        % {"maximum": refusal.maximum}
    ),
}

#: Which refusals are about something that is not there, or not this person's: alike.
NOT_FOUND: Final = frozenset(
    {
        "device_not_found",
        "api_key_not_found",
        "earn_position_not_found",
        "earn_product_not_found",
        "earn_redemption_not_found",
        "factor_not_found",
        "notice_not_found",
        "session_not_found",
        "recovery_not_found",
        "step_up_not_found",
        "ticket_not_found",
        "webhook_delivery_not_found",
        "webhook_not_found",
        "verification_not_found",
    }
)


def sentence(refusal: Refusal) -> str:
    """Return what a refusal says to a person."""
    say = _SENTENCES.get(refusal.code)
    return say(refusal) if say is not None else str(refusal)


def _line(amount: Amount) -> str:
    return amount_text(amount)
