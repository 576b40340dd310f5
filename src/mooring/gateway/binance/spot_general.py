"""What every client asks at its start. Source: the exchange's manual of spot; binance-api §3.5."""

from mooring.gateway.binance.endpoints import Call, Json, endpoint, ip
from mooring.gateway.binance.figures import time_number
from mooring.kernel import clock


@endpoint("GET", "/api/v3/ping", weight=ip(1), right=None)
def ping(_call: Call) -> Json:
    """Answer."""
    return {}


@endpoint(
    "GET",
    "/api/v3/time",
    weight=ip(1),
    right=None,
    note="The real time, also in a sandbox: clients sign with it.",
)
def server_time(_call: Call) -> Json:
    """Return the time that requests are checked by."""
    return {"serverTime": time_number(clock.wall())}
