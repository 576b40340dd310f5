"""How what the apps tell is said here; answers and messages to webhooks say it alike."""

from typing import Any, Final

from mooring.accounts import api as accounts
from mooring.earn import api as earn
from mooring.gateway.v1 import shapes
from mooring.kernel.money import plain

_POSITION: Final = (
    *("id", "kind", "status", "amount", "free", "pledged", "queued", "accrued", "rewards_paid"),
    *("opened_at", "rewards_end", "delivers_at"),
)
_REDEMPTION: Final = (
    *("id", "position_id", "product_code", "type", "status", "amount", "deducted", "forfeited"),
    *("fee", "net", "destination", "requested_at", "arrives_from", "arrives_until"),
    *("queued_because", "runs_at", "undo_until", "paid_at", "cancelled_at"),
)


def position(found: earn.PositionView) -> dict[str, Any]:
    """Return a `Position`."""
    return {
        **shapes.plain(found, *_POSITION),
        "product_code": found.product.code,
        "apr": plain(found.apr),
    }


def redemption(found: earn.RedemptionView) -> dict[str, Any]:
    """Return a `Redemption`."""
    return {**shapes.plain(found, *_REDEMPTION), "is_late": found.late}


def hold(found: accounts.protection.HoldView) -> dict[str, Any]:
    """Return a `Hold`."""
    return {**shapes.plain(found, "begins_at", "ends_at"), "cause": str(found.cause)}


def reward(found: earn.RewardPaid) -> dict[str, Any]:
    """Return a `Reward`."""
    return shapes.plain(found, "position_id", "product_code", "kind", "amount", "paid_at")
