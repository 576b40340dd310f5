"""Withdrawals: there are none yet, so nothing may be on its way out of the platform."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="withdrawals_are_in_the_book",
        rule="I-5",
        sentence="2160, 2161, 2165 and 2166 hold what is on its way out: nothing so far.",
        offenders="""
            SELECT id AS account_id, owner_id, code, asset, balance
            FROM ledger_account
            WHERE code IN (2160, 2161, 2165, 2166) AND balance <> 0
        """,
    ),
)
