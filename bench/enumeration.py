"""
Ask the entrance about people who are here and people who are not, and compare the times.

    python -m bench.enumeration              600 pairs per form, some ten minutes
    python -m bench.enumeration --pairs 300  the least that says something
    python -m bench.enumeration --only sign_up

Each pair asks about somebody known and somebody unknown, in an order that a coin decides, from
addresses of the net that are new each time. AUC is the chance that the known one took longer: 0.5
tells nothing. By chance alone it lies within 1.96 times the error beside it in 19 of 20 runs.

Exit code 1 when a form's AUC is outside 0.50 +- 0.05.
"""

import argparse
import json
import os
import random
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.__main__ import become, migrate
from mooring.operations.launch import embedded
from mooring.web import terms

PASSWORD = "four random harbour words"  # noqa: S105 - of people who do not exist
WRONG = "four other harbour words!"
SIGN_UP, RESET, RECOVERY = "/accounts/signup/", "/accounts/password/reset/", "/recovery"
#: What is asked, and what is the matter with the known ones; without more, nothing is.
FORMS = (
    *("log_in", "log_in_phone", "log_in_used_up"),
    *("log_in_disabled", "log_in_closed", "log_in_blocked"),
    *("sign_up", "sign_up_code", "reset", "reset_code"),
    *("recovery", "recovery_phone", "recovery_closed", "recovery_code"),
)
#: The digits of a number that stand for known and unknown, where numbers are typed.
_BY_PHONE = {"log_in_phone": "34", "recovery_phone": "56"}
ALLOWED = 0.05
_WARM_UP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The times of one form: medians in milliseconds, and how well they tell two groups apart."""

    form: str
    pairs: int
    known_ms: float
    unknown_ms: float
    auc: float
    error: float
    met: bool


def main() -> int:
    """Parse, measure, print, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.enumeration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=FORMS)
    parser.add_argument("--pairs", type=int, default=600)
    arguments = parser.parse_args()
    home = Path(os.environ.get("MOORING_HOME", "var"))
    with embedded.throwaway(durable=True) as server:
        become(server.url)
        migrate()
        print(f"\n  {'form':<18}{'pairs':>7}{'known':>12}{'unknown':>12}{'AUC':>9}{'+-':>8}")
        found = []
        for form in [arguments.only] if arguments.only else FORMS:
            found.append(_compare(form, arguments.pairs))
            _show(found[-1])
    path = home / "bench-enumeration.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in found], indent=2) + "\n")
    missed = [each.form for each in found if not each.met]
    print(f"\n  written to {path}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def _compare(form: str, pairs: int) -> Compared:
    known, unknown = _people(form, pairs + _WARM_UP)
    asked = _asking(form)
    times: tuple[list[float], list[float]] = ([], [])
    for number, pair in enumerate(zip(known, unknown, strict=True)):
        order = random.sample([0, 1], 2)
        for which in order:
            taken = asked(pair[which], _address(form, 2 * number + which))
            if number >= _WARM_UP:
                times[which].append(taken)
    auc = _auc(*times)
    return Compared(
        form=form,
        pairs=pairs,
        known_ms=round(_median(times[0]) * 1_000, 3),
        unknown_ms=round(_median(times[1]) * 1_000, 3),
        auc=round(auc, 4),
        error=round(((2 * pairs + 1) / (12 * pairs * pairs)) ** 0.5, 4),
        met=abs(auc - 0.5) <= ALLOWED,
    )


def _asking(form: str) -> Callable[[str, str], float]:
    """Return what asks one question about an address, and says how long the answer took."""
    from django.test import Client

    # One for all, because a new one sets the product up anew.
    browser = Client(SERVER_NAME="localhost")

    def ask(who: str, ip: str) -> float:
        browser.cookies.clear()
        path, sent = _question(form, who)
        if form == "log_in_used_up":
            _use_up(who, ip)
        if form.endswith("_code"):
            # The code is asked for first, and a wrong one is what is measured.
            asked = browser.post(path, sent, REMOTE_ADDR=ip)
            path, sent = asked.headers["Location"], {"code": "not a code"}
        begun = time.perf_counter()
        answer = browser.post(path, sent, REMOTE_ADDR=ip)
        taken = time.perf_counter() - begun
        if answer.status_code not in {200, 302, 422}:
            raise RuntimeError(f"{form}: {answer.status_code}")
        return taken

    return ask


def _question(form: str, who: str) -> tuple[str, dict[str, str]]:
    if form.startswith("sign_up"):
        return SIGN_UP, {"identifier": who, "password": PASSWORD, "terms": terms.VERSION}
    if form.startswith(("reset", "recovery")):
        return RESET if form.startswith("reset") else RECOVERY, {"identifier": who}
    right = form in {"log_in_disabled", "log_in_closed", "log_in_blocked"}
    return "/accounts/login/", {"login": who, "password": PASSWORD if right else WRONG}


def _use_up(who: str, ip: str) -> None:
    """Take all tries at a password that strangers have, without the hashes."""
    from mooring.accounts.entrance import throttle
    from mooring.kernel import clock

    budgets = throttle.password_budgets(who, ip, None)
    while throttle.take(*budgets, wall=clock.wall(), at=clock.now()):
        pass


def _people(form: str, count: int) -> tuple[list[str], list[str]]:
    """Return addresses that have log-ins and addresses that have none, alike but for a sign."""
    from django.contrib.auth.hashers import make_password
    from django.db import transaction

    from mooring.accounts import api as accounts
    from mooring.accounts.models import Account, User
    from mooring.kernel import clock

    at, kept = clock.now(), make_password(PASSWORD)
    # Which letter stands for whom is shuffled, so that no order of an index tells.
    by_phone = form in _BY_PHONE
    signs = [random.sample(_BY_PHONE.get(form, "kz"), 2) for _ in range(count)]
    emails = [[f"{form}.{sign}{n:05}@example.com" for sign in two] for n, two in enumerate(signs)]
    phones = [[f"+491512{sign}{n:06}" for sign in two] for n, two in enumerate(signs)]
    with transaction.atomic():
        for (email, _), (phone, _) in zip(emails, phones, strict=True):
            user = User(email=email, password=kept, is_active=form != "log_in_blocked")
            user.phone = phone if by_phone else None
            user.save()
            accounts.open_account_of(user, at=at)
        mine = Account.objects.filter(user__email__in=[email for email, _ in emails])
        if form.endswith("_disabled"):
            mine.update(status="DISABLED", disabled_at=at)
        if form.endswith("_closed"):
            mine.update(status="CLOSED", closed_at=at)
    known, unknown = zip(*(phones if by_phone else emails), strict=True)
    return list(known), list(unknown)


def _address(form: str, number: int) -> str:
    """Return an address of the net that nobody else asks from."""
    return f"10.{FORMS.index(form)}.{number // 256}.{number % 256}"


def _auc(longer: list[float], shorter: list[float]) -> float:
    """Return the chance that one of the first took longer than one of the second, ties half."""
    ordered = sorted(shorter)
    wins = sum((bisect_left(ordered, each) + bisect_right(ordered, each)) / 2 for each in longer)
    return wins / (len(longer) * len(shorter))


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _show(found: Compared) -> None:
    verdict = "met" if found.met else "MISSED"
    print(
        f"  {found.form:<18}{found.pairs:>7}{found.known_ms:>9.2f} ms{found.unknown_ms:>9.2f} ms"
        f"{found.auc:>9.3f}{found.error:>8.3f}  {verdict}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
