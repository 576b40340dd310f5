"""
What policies declines.

    Refusal
    ├── UnknownPolicy        no app declares the key
    ├── ValueOutOfRange      the value is of another kind or outside the range
    ├── EffectiveInThePast   a decision would change what was decided before it
    └── ReasonMissing        nobody signed, or nobody said why
    Fault
    └── UnreadableSetting    a row in force is no value of its policy's kind
"""

from datetime import datetime

from mooring.kernel.errors import Fault, Refusal


class UnknownPolicy(Refusal):
    """No app declares this key."""

    code = "policy_unknown"

    def __init__(self, *, key: str) -> None:
        super().__init__(f"There is no policy named {key!r}.")
        self.key = key


class ValueOutOfRange(Refusal):
    """The value is of another kind than the policy's, or outside its range."""

    code = "policy_value_out_of_range"

    def __init__(
        self,
        *,
        key: str,
        value: str,
        minimum: str | None,
        maximum: str | None,
        choices: tuple[str, ...],
    ) -> None:
        allowed = (
            f"one of {', '.join(choices)}"
            if choices
            else f"from {minimum or 'any'} to {maximum or 'any'}"
        )
        super().__init__(f"{key} cannot be {value[:60]!r}: it is {allowed}.")
        self.key = key
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
        self.choices = choices


class EffectiveInThePast(Refusal):
    """A setting takes effect when it is decided or later, never before."""

    code = "policy_effective_in_the_past"

    def __init__(self, *, effective_from: datetime, at: datetime) -> None:
        super().__init__(
            f"A setting of {at:%Y-%m-%d %H:%M:%S} UTC cannot take effect before it, "
            f"at {effective_from:%Y-%m-%d %H:%M:%S} UTC."
        )
        self.effective_from = effective_from
        self.at = at


class ReasonMissing(Refusal):
    """Every setting says who decided it and why."""

    code = "policy_reason_missing"

    def __init__(self) -> None:
        super().__init__("Say who decides this, and why.")


class UnreadableSetting(Fault):
    """A setting in force is no value of the kind that its policy declares today."""

    def __init__(self, *, key: str, value: str) -> None:
        super().__init__(f"the setting of {key} in force is unreadable: {value!r}")
        self.key = key
        self.value = value
