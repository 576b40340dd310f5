"""`mooring audit`: check the book by independent queries."""

import json

import click

from mooring.operations.audits.audit import Finding
from mooring.operations.audits.run import findings
from mooring.operations.commands.output import Progress, json_option, jsonable, table


@click.command("audit")
@json_option
def command(*, as_json: bool) -> int:
    """
    Check every invariant; name the rows that break one.

    Exits with 1 when one is broken. Reads only, and may run while money moves.
    """
    found = _told_in_json() if as_json else _told_to_people()
    return 0 if all(finding.is_clean for finding in found) else 1


def _told_in_json() -> list[Finding]:
    found = list(findings())
    result = {
        "ok": all(finding.is_clean for finding in found),
        "audits": [
            {
                "name": finding.audit.name,
                "rule": finding.audit.rule,
                "sentence": finding.audit.sentence,
                "ok": finding.is_clean,
                "rows": finding.rows,
                "more": finding.is_cut,
            }
            for finding in found
        ],
    }
    click.echo(json.dumps(jsonable(result), ensure_ascii=False, default=str))
    return found


def _told_to_people() -> list[Finding]:
    progress = Progress()
    progress("looking")
    found = []
    for finding in findings():
        progress.end()
        found.append(finding)
        _tell(finding)
        progress("looking on")
    progress.end()
    broken = [finding for finding in found if not finding.is_clean]
    seconds = sum(finding.seconds for finding in found)
    click.echo(
        f"{len(found)} audits in {seconds:.1f} s: "
        + (f"{len(broken)} broken." if broken else "everything holds.")
    )
    return found


def _tell(finding: Finding) -> None:
    audit = finding.audit
    verdict = "ok    " if finding.is_clean else "BROKEN"
    click.echo(f"{verdict}  {audit.rule:<4}  {audit.name}: {audit.sentence}")
    if finding.is_clean:
        return
    columns = list(finding.rows[0])
    table(columns, [[row[column] for column in columns] for row in finding.rows])
    if finding.is_cut:
        click.echo("and more.")
