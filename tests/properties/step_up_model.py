"""
What may happen with a step-up, said a second time and from the rules alone.

Nothing of the product is imported here: it counts seconds, tries and proofs by itself.
"""

from dataclasses import dataclass, field

#: Source: domain rules §5.
LIFETIME, CODE_LIFETIME, TRIES = 300, 600, 5
#: Which actions a factor alone is enough for, where there is one.
FACTOR_ALONE = {"anti_phishing.change", "language.change", "factor.rename_passkey"}


@dataclass
class Sent:
    """A code that was sent: what it is, and what is left of it."""

    digits: str
    at: int
    tries: int = 0
    is_over: bool = False


@dataclass
class Order:
    """A step-up as the rules know it."""

    who: tuple[int, int]
    action: str
    at: int
    password: bool = False
    proven: bool = False
    spent: bool = False
    code: Sent | None = None


@dataclass
class Model:
    """
    The rules.

    Args:
        is_strong: whether everybody has an app and recovery codes; otherwise codes are sent.
        at: seconds since the beginning.
        ended: log-ins that are over, as (person, session).
    """

    is_strong: bool
    at: int = 0
    orders: list[Order] = field(default_factory=list)
    ended: set[tuple[int, int]] = field(default_factory=set)
    used: set[tuple[int, str]] = field(default_factory=set)

    def begins(self, who: tuple[int, int], action: str) -> None:
        self.orders.append(Order(who=who, action=action, at=self.at))

    def sends(self, which: int, digits: str) -> None:
        self.orders[which].code = Sent(digits, self.at)

    def is_live(self, which: int, who: tuple[int, int]) -> bool:
        order = self.orders[which]
        is_theirs = order.who == who and who not in self.ended
        return is_theirs and not order.spent and self.at < order.at + LIFETIME

    def gives(
        self, which: int, who: tuple[int, int], *, password: bool | None, proof: "Proof | None"
    ) -> None:
        """Note what is proven; `password` is right, wrong or None for not given."""
        order = self.orders[which]
        if not self.is_live(which, who) or order.proven:
            return
        needs_password = order.action not in FACTOR_ALONE or not self.is_strong
        if needs_password and not order.password:
            if not password:
                return
            order.password = True
        if proof is not None and self._is_right(order, proof):
            order.proven = True

    def _is_right(self, order: Order, proof: "Proof") -> bool:
        if proof.kind == "sent":
            return not self.is_strong and self._is_the_code(order, proof.text)
        if not self.is_strong or not proof.good_until > self.at >= proof.good_from:
            return False
        key = (order.who[0], proof.text)
        if proof.of != order.who[0] or key in self.used:
            return False
        self.used.add(key)
        return True

    def _is_the_code(self, order: Order, text: str) -> bool:
        code = order.code
        if code is None or code.is_over or self.at >= code.at + CODE_LIFETIME:
            return False
        if code.tries >= TRIES:
            return False
        code.tries += 1
        code.is_over = text == code.digits
        return code.is_over

    def may_execute(self, which: int, who: tuple[int, int], action: str) -> bool:
        order = self.orders[which]
        return self.is_live(which, who) and order.proven and order.action == action


@dataclass(frozen=True)
class Proof:
    """
    Something that is given as a factor.

    Args:
        kind: `sent` for a code of a message; `app` or `paper` for what the person has.
        of: whose app or paper it is of; 9: nobody's.
        good_from, good_until: seconds between which an app's code is good.
    """

    kind: str
    text: str
    of: int = 9
    good_from: int = -1
    good_until: int = 1 << 30
