"""People: who may come in, and what is known of them."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="who_may_not_come_in_is_not_in",
        rule="",
        sentence="A blocked log-in and an account that is not open have no session and no key.",
        offenders="""
            SELECT account.id AS account_id, account.status, way.kind, way.id
            FROM accounts_account AS account
            INNER JOIN accounts_user AS person ON person.id = account.user_id
            INNER JOIN (
                SELECT 'session' AS kind, id, user_id, NULL::bigint AS account_id
                FROM accounts_login_session
                WHERE ended_at IS NULL
                UNION ALL
                SELECT 'key', id, NULL, account_id FROM accounts_api_key WHERE ended_at IS NULL
            ) AS way ON way.user_id = person.id OR way.account_id = account.id
            WHERE account.status <> 'OPEN' OR NOT person.is_active
        """,
    ),
    Audit(
        name="levels_have_their_decision",
        rule="",
        sentence="A verified level was asked for by its customer and approved.",
        offenders="""
            SELECT account.id AS account_id, account.verification_level
            FROM accounts_account AS account
            WHERE account.verification_level > 0 AND NOT EXISTS (
                SELECT FROM accounts_verification AS decided
                WHERE decided.account_id = account.id AND decided.status = 'APPROVED'
                    AND decided.level = account.verification_level
            )
        """,
    ),
)
