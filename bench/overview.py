"""
What the overview of Earn costs a web process, for a customer with 500 positions.

    python -m bench.overview           CPU of one request, of this process alone
"""

import sys
import time
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bench.__main__ import become, migrate
from mooring.operations.launch import embedded

if TYPE_CHECKING:
    from django.test import Client

POSITIONS: Final = 500
REQUESTS: Final = 30
CPU_MAX_MS: Final = 80
PATHS: Final = ("/earn", "/earn?page=2", "/earn?status=ALL&sort=end")


def main() -> int:
    """Measure, print, return 1 when the goal is missed."""
    with embedded.throwaway() as server:
        become(server.url)
        migrate()
        figures = measure()
    for path, milliseconds in figures.items():
        print(f"  {path:<30} {milliseconds:>6.1f} ms of CPU  (goal: <= {CPU_MAX_MS})")
    return int(max(figures.values()) > CPU_MAX_MS)


def measure() -> dict[str, float]:
    """Return the CPU of one request in milliseconds, the least of many, by path."""
    # Django reads its settings at import, and they are made above.
    from django.core.management import call_command
    from django.test import Client

    # Pages name their style sheets by content: those of this tree.
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "localhost"})
    _sign_in(client)
    return {path: _cpu_of(client, path) for path in PATHS}


def _cpu_of(client: "Client", path: str) -> float:
    taken = []
    for _ in range(REQUESTS):
        begun = time.process_time()
        response = client.get(path)
        taken.append(time.process_time() - begun)
        if response.status_code != 200:
            message = f"{path} answers {response.status_code}"
            raise RuntimeError(message)
    # The first reads templates and catalogues; other work of the machine only adds.
    return min(taken) * 1000


def _sign_in(client: "Client") -> None:
    from django.db import transaction

    from bench import worlds
    from mooring.accounts import api as accounts
    from mooring.accounts.models import User
    from mooring.earn import api as earn
    from mooring.kernel import clock
    from mooring.kernel.money import Amount
    from mooring.wallet import api as wallet
    from tests.web.signing_in import sign_in

    start = clock.now() - timedelta(days=5)
    user = User(email="many@example.org")
    user.set_password("nobody logs in with it")
    user.save()
    with transaction.atomic():
        accounts.open_account_of(user, at=start)
    account_id = accounts.find_account_id(email="many@example.org")
    if account_id is None:
        raise RuntimeError
    money = Amount(Decimal(10_000_000), worlds.ASSET)
    wallet.credit([wallet.Credit(account_id=account_id, amount=money, key="many")], at=start)
    codes = [f"LOCKED{number}" for number in range(10)]
    for number, code in enumerate(codes):
        earn.publish(
            code=code,
            kind="LOCKED",
            asset=worlds.ASSET,
            offer=earn.Offer(
                minimum=Decimal(1), apr=Decimal("0.05"), duration_days=30 + number * 10
            ),
            effective_from=start,
        )
    done = earn.subscribe(
        [
            earn.Subscription(
                account_id=account_id,
                product_code=worlds.PRODUCT if not number else codes[number % 10],
                amount=Amount(Decimal(100 + number), worlds.ASSET),
                key=f"many.{number}",
            )
            for number in range(POSITIONS)
        ],
        at=start,
    )
    for outcome in done:
        if not isinstance(outcome, earn.Subscribed):
            raise outcome
    sign_in(client, user)


if __name__ == "__main__":
    sys.exit(main())
