"""`mooring stake`: what the operator bonded, unbonded, earned and lost at a protocol."""

import click

from mooring.earn import api as earn
from mooring.kernel import clock
from mooring.operations.commands import inputs
from mooring.operations.commands.output import answer, json_option, utc

_SAYS = {
    earn.StakeMove.BOND: "bonded with the protocol",
    earn.StakeMove.UNBOND: "on its way back from the protocol",
    earn.StakeMove.UNBONDED: "back in the hot wallet",
    earn.StakeMove.REWARD: "earned from the protocol, not claimed yet",
    earn.StakeMove.CLAIM: "claimed into the hot wallet",
    earn.StakeMove.SLASH: "taken by the protocol as a penalty; the platform bears it",
}


@click.command("stake")
@click.argument("move", type=click.Choice([move.lower() for move in earn.StakeMove]))
@click.option("--asset", required=True, help="Of which asset.")
@click.option("--amount", required=True, help="How much, such as 12.5.")
@click.option("--key", required=True, help="Your own name for it: typed twice, it happens once.")
@json_option
def command(*, move: str, asset: str, amount: str, key: str, as_json: bool) -> None:
    """Write down what happened to the platform's stake at a protocol."""
    at, found = clock.now(), earn.StakeMove(move.upper())
    moved = inputs.amount_of(amount, asset=asset)
    replayed = earn.move_stake(found, moved, key=key, at=at)

    def human() -> None:
        again = " This was in the book already." if replayed else ""
        click.echo(f"{moved} {_SAYS[found]}, {utc(at)}.{again}")

    result = {"move": found, "amount": moved, "key": key, "at": at, "replayed": replayed}
    answer(result, as_json=as_json, human=human)
