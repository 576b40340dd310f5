"""Charts: shapes that say what the numbers say."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from mooring.web import charts

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)


def decimals(*numbers: str) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def test_the_highest_bar_takes_all_the_room_and_half_of_it_half() -> None:
    (most, half, none), zero = charts.bars(decimals("2", "1", "0"))
    assert zero == "154"
    assert (most.y, most.height) == ("6", "148")
    assert (half.y, half.height) == ("80", "74")
    assert none.height == "0"


def test_what_is_below_zero_hangs_from_the_line() -> None:
    (up, down), zero = charts.bars(decimals("1", "-1"))
    assert zero == "80" == down.y
    assert (up.y, up.height, up.is_loss) == ("6", "74", False)
    assert (down.height, down.is_loss) == ("74", True)


def test_next_to_nothing_can_still_be_seen() -> None:
    (_most, least), _zero = charts.bars(decimals("1000000", "0.00000001"))
    assert least.height == "1.5"


def test_no_numbers_are_no_bars() -> None:
    assert charts.bars([]) == ((), "6")


def test_a_line_keeps_its_height_until_the_next_point() -> None:
    points = [(BEGIN, Decimal(1)), (BEGIN + A_DAY, Decimal(2))]
    path = charts.steps(points, begin=BEGIN, end=BEGIN + 2 * A_DAY)
    assert path == "M0 80H320V6H640"


def test_what_held_before_the_chart_begins_holds_at_its_beginning() -> None:
    points = [
        (BEGIN - 9 * A_DAY, Decimal(7)),
        (BEGIN - A_DAY, Decimal(1)),
        (BEGIN + A_DAY, Decimal(2)),
        (BEGIN + 5 * A_DAY, Decimal(9)),
    ]
    path = charts.steps(points, begin=BEGIN, end=BEGIN + 2 * A_DAY)
    assert path == "M0 80H320V6H640"


def test_a_ratio_shows_its_change_and_not_its_distance_from_zero() -> None:
    points = [(BEGIN, Decimal("1.08")), (BEGIN + A_DAY, Decimal("1.09"))]
    path = charts.steps(points, begin=BEGIN, end=BEGIN + 2 * A_DAY, from_zero=False)
    assert path == "M0 154H320V6H640"
    flat = charts.steps(points[:1], begin=BEGIN, end=BEGIN + A_DAY, from_zero=False)
    assert flat == "M0 80H640"
    assert charts.steps([], begin=BEGIN, end=BEGIN + A_DAY) == ""


def test_shares_fill_the_bar() -> None:
    first, second = charts.shares(decimals("3", "1"))
    assert (first.x, first.width) == ("0", "478")
    assert (second.x, second.width) == ("480", "158")
