"""Every endpoint: importing the modules that declare them fills the table."""

from mooring.gateway.binance import (  # noqa: F401 - each declares its endpoints
    dollars,
    eth_sol_staking,
    eth_sol_staking_history,
    onchain_yields,
    onchain_yields_history,
    simple_earn_account,
    simple_earn_flexible,
    simple_earn_flexible_history,
    simple_earn_locked,
    soft_staking,
    spot_account,
    spot_general,
    spot_market,
    wallet_account,
    wallet_assets,
    wallet_besides,
)
from mooring.gateway.binance.endpoints import ENDPOINTS

__all__ = ["ENDPOINTS"]
