"""Redemptions against their journals: what the customer was told is what the book did."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="redemptions_agree_with_their_journals",
        rule="",
        sentence="A redemption's figures are those of the journal that carried it out.",
        offenders="""
            WITH said AS (
                SELECT
                    redemption.id, redemption.status, redemption.amount,
                    -- With a price, `deducted` is what rewards in another asset cost.
                    CASE WHEN redemption.reward_price IS NULL THEN redemption.deducted ELSE 0 END
                        + redemption.forfeited + redemption.reward_deducted
                        + redemption.reward_forfeited AS taken,
                    -- What waits is set apart whole; fee and net are taken when it runs.
                    CASE WHEN waited.waits THEN redemption.amount ELSE redemption.net END AS net,
                    CASE WHEN waited.waits THEN 0 ELSE redemption.fee END AS fee,
                    position.principal_account,
                    CASE WHEN waited.ran THEN position.redeeming_account END AS set_apart,
                    CASE WHEN redemption.speed <> 'FAST' OR waited.waits
                        THEN position.redeeming_account
                    END AS redeeming_account,
                    CASE redemption.destination WHEN 'SPOT' THEN 2110 ELSE 2120 END AS wallet,
                    CASE WHEN redemption.type = 'MATURE' AND redemption.digest = ''
                        THEN 'earn.mature:' || redemption.position_id
                        WHEN redemption.type = 'RETIRED'
                        THEN 'earn.retire:' || split_part(redemption.request_key, '/', 2)
                        WHEN waited.ran THEN 'earn.run:' || redemption.id
                        ELSE 'earn.redeem:' || redemption.account_id
                            || '.' || redemption.request_key
                    END AS key
                FROM earn_redemption AS redemption
                CROSS JOIN LATERAL (
                    -- Of liquid staking all of it is carried out at the request.
                    SELECT asked.waited AND redemption.status <> 'PAID' AS waits,
                        asked.waited AND redemption.status = 'PAID' AS ran
                    FROM (
                        SELECT redemption.queued_because <> '' AND redemption.type <> 'LIQUID'
                            AS waited
                    ) AS asked
                ) AS waited
                LEFT JOIN earn_position AS position ON position.id = redemption.position_id
            ),
            did AS (
                SELECT said.id, journal.id AS journal_id,
                    -sum(entry.amount) FILTER (
                        WHERE entry.account_id IN (said.principal_account, said.set_apart)
                    ) AS amount,
                    sum(entry.amount) FILTER (
                        WHERE entry.account_id = said.redeeming_account
                        OR (said.redeeming_account IS NULL AND book.code = said.wallet)
                    ) AS net,
                    sum(entry.amount) FILTER (WHERE book.code = 4035) AS fee,
                    sum(entry.amount) FILTER (WHERE book.code = 4050) AS taken
                FROM said
                INNER JOIN ledger_journal AS journal ON journal.key = said.key
                INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                INNER JOIN ledger_account AS book ON book.id = entry.account_id
                GROUP BY said.id, journal.id
            )
            SELECT said.id AS redemption_id, did.journal_id, said.amount, said.net, said.fee,
                said.taken, did.amount AS booked_amount, did.net AS booked_net,
                did.fee AS booked_fee, did.taken AS booked_taken
            FROM said
            LEFT JOIN did ON did.id = said.id
            WHERE did.journal_id IS NULL OR said.principal_account IS NULL
            OR (said.amount, said.net, said.fee, said.taken)
                <> (coalesce(did.amount, 0), coalesce(did.net, 0), coalesce(did.fee, 0),
                    coalesce(did.taken, 0))
        """,
    ),
    Audit(
        name="arrivals_agree_with_their_journals",
        rule="",
        sentence="What leaves after a time arrived once it was paid, and not before.",
        offenders="""
            SELECT redemption.id AS redemption_id, redemption.status, redemption.net,
                arrival.journal_id, arrival.amount AS arrived
            FROM earn_redemption AS redemption
            LEFT JOIN LATERAL (
                SELECT journal.id AS journal_id, sum(entry.amount) AS amount
                FROM ledger_journal AS journal
                INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                INNER JOIN ledger_account AS book ON book.id = entry.account_id
                WHERE journal.key = 'earn.deliver:' || redemption.id
                AND book.owner_id = redemption.account_id
                AND book.code = CASE coalesce(nullif(redemption.diverted_to, ''),
                        redemption.destination)
                    WHEN 'SPOT' THEN 2110 WHEN 'FUNDING' THEN 2120 WHEN 'FLEXIBLE' THEN 2130
                    ELSE 2140 END
                GROUP BY journal.id
            ) AS arrival ON TRUE
            WHERE redemption.speed <> 'FAST'
            AND coalesce(arrival.amount, 0)
                <> CASE redemption.status WHEN 'PAID' THEN redemption.net ELSE 0 END
        """,
    ),
    Audit(
        name="undone_redemptions_are_reversed",
        rule="",
        sentence="An undone redemption has a journal that is the exact opposite of its own.",
        offenders="""
            WITH line AS (
                SELECT redemption.id, redemption.status, entry.account_id, sum(entry.amount) AS net
                FROM earn_redemption AS redemption
                INNER JOIN ledger_journal AS journal ON journal.key IN (
                    'earn.redeem:' || redemption.account_id || '.' || redemption.request_key,
                    'earn.undo:' || redemption.account_id || '.' || redemption.request_key
                )
                INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                WHERE redemption.status = 'CANCELLED'
                GROUP BY redemption.id, redemption.status, entry.account_id
                HAVING sum(entry.amount) <> 0
            )
            SELECT id AS redemption_id, account_id, net AS left_over FROM line
            UNION ALL
            SELECT redemption.id, NULL, NULL
            FROM earn_redemption AS redemption
            INNER JOIN ledger_journal AS journal ON journal.key
                = 'earn.undo:' || redemption.account_id || '.' || redemption.request_key
            WHERE redemption.status <> 'CANCELLED'
        """,
    ),
    Audit(
        name="exits_have_their_redemption",
        rule="",
        sentence="A position that was left has the redemption by which it was left.",
        offenders="""
            SELECT position.id AS position_id, position.status, position.exit,
                leaving.count AS redemptions
            FROM earn_position AS position
            CROSS JOIN LATERAL (
                SELECT count(*) FROM earn_redemption AS redemption
                WHERE redemption.position_id = position.id
                AND (redemption.type = position.exit OR position.kind = 'FLEXIBLE')
                AND redemption.status <> 'CANCELLED'
                -- Ended once everything has arrived, a part that left earlier included.
                AND (position.status = 'PAID') = NOT EXISTS (
                    SELECT FROM earn_redemption AS pending
                    WHERE pending.position_id = position.id AND pending.status = 'PENDING'
                )
            ) AS leaving
            WHERE position.status <> 'HOLDING' AND leaving.count = 0
            UNION ALL
            SELECT position.id, position.status, position.exit, count(*)
            FROM earn_position AS position
            INNER JOIN earn_redemption AS redemption ON redemption.position_id = position.id
            WHERE position.kind = 'LOCKED' AND position.status = 'HOLDING'
            AND redemption.status <> 'CANCELLED' AND redemption.is_whole
            GROUP BY position.id
        """,
    ),
    Audit(
        name="subscriptions_agree_with_their_journals",
        rule="",
        sentence="What a subscription says came in is what the book moved into the position.",
        offenders="""
            SELECT subscription.id AS subscription_id, subscription.position_id,
                subscription.amount, journal.id AS journal_id, entry.amount AS booked
            FROM earn_subscription AS subscription
            LEFT JOIN earn_position AS position ON position.id = subscription.position_id
            -- What came by itself came with the delivery of another position.
            LEFT JOIN ledger_journal AS journal ON journal.key
                = CASE WHEN starts_with(subscription.request_key, 'delivery/')
                    THEN 'earn.deliver:' || split_part(subscription.request_key, '/', 2)
                    ELSE 'earn.subscribe:' || subscription.account_id || '.'
                        || subscription.request_key
                END
            LEFT JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                AND entry.account_id = position.principal_account
                AND entry.balance_after IS NOT NULL
            -- Liquid staking moves the tokens it gave into the position.
            WHERE entry.amount
                IS DISTINCT FROM coalesce(subscription.tokens, subscription.amount)
        """,
    ),
    Audit(
        name="requests_are_carried_out_once",
        rule="I-16",
        sentence="No request of a customer was carried out twice under one key.",
        offenders="""
            SELECT 'redemption' AS request, account_id AS customer, request_key, count(*) AS times
            FROM earn_redemption
            GROUP BY account_id, request_key
            HAVING count(*) > 1
            UNION ALL
            SELECT 'subscription', account_id, request_key, count(*)
            FROM earn_subscription
            GROUP BY account_id, request_key
            HAVING count(*) > 1
        """,
    ),
)
