-- Whoever holds an asset in spot, found without reading everybody's accounts: tokens of liquid
-- staking are looked for each minute. No balance in it, neither as a column nor as a predicate:
-- a posting must not touch an index.
CREATE INDEX ledger_account_spot_by_asset ON ledger_account (asset, owner_id) WHERE code = 2110;
