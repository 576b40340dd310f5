"""Every endpoint: importing the modules that declare them fills the table."""

from mooring.gateway.binance import (
    dollars,
    simple_earn_account,
    simple_earn_flexible,
    simple_earn_flexible_history,
    simple_earn_locked,
    spot_account,
    spot_general,
    spot_market,
    wallet_account,
    wallet_assets,
)
from mooring.gateway.binance.endpoints import ENDPOINTS

MODULES = (
    dollars,
    simple_earn_account,
    simple_earn_flexible,
    simple_earn_flexible_history,
    simple_earn_locked,
    spot_account,
    spot_general,
    spot_market,
    wallet_account,
    wallet_assets,
)

__all__ = ["ENDPOINTS", "MODULES"]
