"""The wallet pages: each asset by wallet and state, valued. Source: requirement WAL-1."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mooring.kernel.money import Amount
from mooring.wallet import api as wallet_door
from mooring.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A part of a balance: in which wallet, in which state, and what that means."""

    name: str
    meaning: str
    amount: Amount
    value: Amount | None
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetRow:
    """An asset of the wallet."""

    code: str
    name: str
    total: Amount
    value: Amount | None
    spot: Amount
    funding: Amount
    earn: Amount
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletPage:
    """Everything a member has."""

    total: Amount
    unpriced: tuple[str, ...]
    spot: Amount
    funding: Amount
    earn: Amount
    rows: tuple[AssetRow, ...]


def wallet(visit: Visit) -> WalletPage:
    """Return the member's wallet, what is worth most first."""
    held = wallet_door.balances(account_id=visit.account_id, at=visit.at)
    rows = [_row(visit, balances) for balances in held if not balances.total.is_zero]
    rows.sort(key=lambda row: (row.value is None, -row.value.number if row.value else 0, row.code))
    return WalletPage(
        total=visit.sum_of_values(row.total for row in rows),
        unpriced=tuple(row.code for row in rows if row.value is None),
        spot=visit.sum_of_values(row.spot for row in rows),
        funding=visit.sum_of_values(row.funding for row in rows),
        earn=visit.sum_of_values(row.earn for row in rows),
        rows=tuple(rows),
    )


def asset(visit: Visit, code: str) -> AssetRow | None:
    """Return one asset of the member's wallet; None if there is no such asset."""
    if code not in visit.assets:
        return None
    held = wallet_door.balances(account_id=visit.account_id, at=visit.at)
    for balances in held:
        if balances.asset == code:
            return _row(visit, balances)
    zero = Amount.zero(code)
    return AssetRow(
        code=code,
        name=visit.assets[code].name,
        total=zero,
        value=visit.value_of(zero),
        spot=zero,
        funding=zero,
        earn=zero,
        states=(),
    )


def _row(visit: Visit, balances: wallet_door.AssetBalances) -> AssetRow:
    return AssetRow(
        code=balances.asset,
        name=visit.name_of(balances.asset),
        total=balances.total,
        value=visit.value_of(balances.total),
        spot=balances.spot,
        funding=balances.funding,
        earn=balances.earn,
        states=tuple(state for state in _states(visit, balances) if not state.amount.is_zero),
    )


def _states(visit: Visit, balances: wallet_door.AssetBalances) -> tuple[State, ...]:
    def state(name: str, meaning: str, amount: Amount, tone: str = "") -> State:
        value = visit.value_of(amount)
        return State(name=name, meaning=meaning, amount=amount, value=value, tone=tone)

    return (
        state(_("Spot, free"), _("Yours to use at once."), balances.spot_available, "good"),
        state(_("Spot, in orders"), _("Reserved by open orders."), balances.spot_in_orders, "wait"),
        state(_("Spot, on hold"), _("Kept by a hold."), balances.spot_frozen, "wait"),
        state(_("Funding"), _("In the funding wallet."), balances.funding, "good"),
        state(_("Earn, flexible"), _("Redeemable at any time."), balances.earn_flexible, "good"),
        state(_("Earn, pledged"), _("Secures a loan."), balances.earn_pledged, "wait"),
        state(_("Earn, locked"), _("In a locked product until its end."), balances.earn_locked),
        state(_("Redeeming"), _("On its way out of Earn."), balances.earn_redeeming, "wait"),
        state(_("Rewards pending"), _("Earned, not paid yet."), balances.rewards_pending, "wait"),
        state(_("Withdrawing"), _("On its way out of the platform."), balances.withdrawing, "wait"),
    )
