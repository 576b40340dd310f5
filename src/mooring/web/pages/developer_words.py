"""What is said of the API in words: its families, and where it differs as a whole."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mooring.gateway import api as gateway

#: Anchor, name, and the words of paths (`word_of`) that belong together, in the order shown.
FAMILIES: Final[tuple[tuple[str, str | Promise, frozenset[str]], ...]] = (
    ("simple-earn", "Simple Earn", frozenset({"simple-earn"})),
    ("dollars", gettext_lazy("BFUSD and RWUSD"), frozenset({"bfusd", "rwusd", "earn"})),
    ("staking", gettext_lazy("ETH and SOL staking"), frozenset({"eth-staking", "sol-staking"})),
    ("onchain-yields", "On-chain Yields", frozenset({"onchain-yields"})),
    ("soft-staking", gettext_lazy("Soft staking"), frozenset({"soft-staking"})),
    (
        "wallet",
        gettext_lazy("Wallet and account"),
        frozenset(
            {"account", "accountSnapshot", "addressVerify", "asset", "capital", "localentity"}
            | {"spot", "system"}
        ),
    ),
    ("spot", gettext_lazy("Prices and the spot account"), frozenset({"api"})),
    (
        "margin",
        gettext_lazy("Margin and futures"),
        frozenset({"margin", "fapi", "dapi", "bnbBurn"}),
    ),
    ("loan", gettext_lazy("Loans"), frozenset({"loan"})),
    ("fiat", gettext_lazy("Fiat"), frozenset({"fiat"})),
    ("nft", "NFT", frozenset({"nft"})),
    ("rebate", gettext_lazy("Rebates"), frozenset({"rebate"})),
)


def word_of(path: str) -> str:
    """Return the word of a path that says what it is about: behind the version under /sapi."""
    first, *rest = path.strip("/").split("/")
    return rest[1] if first == "sapi" and len(rest) > 1 else first


def family_of(path: str) -> tuple[str, str]:
    """Return the anchor and the name of a path's family; one of its own for an unknown word."""
    word = word_of(path)
    for anchor, name, words in FAMILIES:
        if word in words:
            return anchor, str(name)
    return word, word


def differences(limits: gateway.Limits) -> tuple[str, ...]:
    """Return where we differ as a whole; what is of the wire stands between backticks."""
    return (*_of_requests(), *_of_limits(limits), *_of_answers())


def _of_requests() -> tuple[str, ...]:
    return (
        _(
            "A signed request that changes something is carried out once. Sent again, within its "
            "`recvWindow` or on another path, it is answered `-1022`: sign a new one."
        ),
        _(
            "What changes something comes in the query string or in the body, not in both "
            "(`-1101`). The signature alone may stand in the other."
        ),
        _(
            "A parameter sent twice in one place is answered `-1101`. Names are matched in any "
            "letter case, an empty value is as good as none, and unknown parameters are ignored."
        ),
        _("Whatever changes something needs the right to trade, switches included."),
        _("There are no streams: no WebSocket and no FIX."),
    )


def _of_limits(limits: gateway.Limits) -> tuple[str, ...]:
    signatures = (
        _("A signature over the bytes as sent is taken, and no other.")
        if limits.is_strict
        else _(
            "A signature over the bytes as sent is taken, and one over their decoded text as well, "
            "as older clients make it. The operator can switch the second off."
        )
    )
    pace = (
        _(
            "An account subscribes or redeems once in %(seconds)s seconds by the API; sooner is "
            "answered `-6009`."
        )
        % {"seconds": limits.earn_interval_seconds}
        if limits.earn_interval_seconds
        else _("No pace is kept here between two subscriptions or redemptions.")
    )
    weights = _(
        "In a minute an address may use %(ip)s of weight of each endpoint under `/sapi`, and "
        "%(spot)s under `/api` altogether; an account %(uid)s of each endpoint. More is answered "
        "429 with `Retry-After`; after %(refusals)s such answers, 418 for %(ban)s seconds."
    ) % {
        "ip": f"{limits.ip_weight:,}",
        "spot": f"{limits.spot_weight:,}",
        "uid": f"{limits.uid_weight:,}",
        "refusals": f"{limits.refusals_before_ban:,}",
        "ban": f"{limits.ban_seconds:,}",
    }
    return signatures, pace, weights


def _of_answers() -> tuple[str, ...]:
    return (
        _(
            "Amounts are written with eight decimals at least, and to their last digit. Times are "
            "milliseconds, whatever `X-MBX-TIME-UNIT` asks for."
        ),
        _(
            "Records of Earn: the last 30 days where no time is given, and three months at most "
            "in one request."
        ),
        _(
            "Dates of positions and records are of the platform's time, `serverTime` is the real "
            "one. In a sandbox they can be far apart."
        ),
        _(
            "A path of the exchange that is not served here is answered `-1020` with status 400, "
            "any other `-1099` with 404."
        ),
        _(
            "Which code the exchange answers when Earn refuses is not documented for each "
            "endpoint. The table of codes below says what was chosen here."
        ),
    )
