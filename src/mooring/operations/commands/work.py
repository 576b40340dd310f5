"""`mooring work`: do what is due."""

import contextlib
import signal
from collections.abc import Iterator

import click

from mooring.kernel import clock
from mooring.operations.commands.failures import Declined
from mooring.operations.commands.output import Progress, answer, json_option, table, utc
from mooring.operations.worker import Worker, WorkIsElsewhere


@click.command("work")
@click.option("--until-idle", is_flag=True, help="Do everything that is due, and end.")
@json_option
def command(*, until_idle: bool, as_json: bool) -> None:
    """
    Do what is due: close days, pay rewards, mature, settle. Runs for ever by default.

    Several may run at once: one works, the others stand by.
    """
    if until_idle:
        _work_until_idle(as_json=as_json)
        return
    with _ended_by_signals(), contextlib.suppress(KeyboardInterrupt):
        click.echo("The worker looks for work.")
        Worker(say=_log).work_forever()
    click.echo("The worker has stopped.")


def _work_until_idle(*, as_json: bool) -> None:
    progress = Progress()
    worker = Worker(say=lambda line: click.echo(line, err=True), progress=progress)
    try:
        total = worker.work_until_idle()
    except WorkIsElsewhere as reason:
        raise Declined("work_is_elsewhere", f"Nothing was done: {reason}.") from reason
    finally:
        progress.end()
    at = clock.now()

    def human() -> None:
        if worker.done:
            table(["job", "done"], sorted(worker.done.items()))
        click.echo(f"Nothing is left to do at {utc(at)}.")

    if worker.failing:
        raise Declined("job_failed", f"These jobs failed: {', '.join(worker.failing)}.")
    answer({"at": at, "done": total, "jobs": worker.done}, as_json=as_json, human=human)


def _log(line: str) -> None:
    click.echo(f"{utc(clock.wall())} {line}", err=True)


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """
    Let SIGTERM end the work where it stands, like Ctrl-C.

    A statement that is under way is cancelled and its transaction rolled back; the next worker
    does the unit anew. That is what makes stopping a matter of milliseconds.
    """

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
