"""
Paths that the exchange has, by method: what of them no endpoint answers is answered -1020.

Facts of the published documentation: names only. A path that gets an endpoint stays here; the
table of endpoints comes first.
"""

from typing import Final

#: By method and beginning of the path, the rest of each path.
_PATHS: Final = {
    ("GET", "/dapi/v1"): ("exchangeInfo"),
    ("DELETE", "/api/v3"): ("openOrders order orderList"),
    ("GET", "/api/v3"): (
        "account account/commission aggTrades allOrderList allOrders avgPrice depth "
        "exchangeInfo executionRules historicalBlockTrades historicalTrades klines "
        "myAllocations myFilters myPreventedMatches myTrades openOrderList openOrders order "
        "order/amendments orderList ping rateLimit/order referencePrice "
        "referencePrice/calculation ticker ticker/24hr ticker/bookTicker ticker/price "
        "ticker/tradingDay time trades uiKlines"
    ),
    ("POST", "/api/v3"): (
        "order order/cancelReplace order/oco order/test orderList/oco orderList/opo "
        "orderList/opoco orderList/oto orderList/otoco sor/order sor/order/test"
    ),
    ("PUT", "/api/v3"): ("order/amend/keepPriority"),
    ("GET", "/fapi/v1"): (
        "accountConfig adlQuantile exchangeInfo income leverageBracket openOrders ping "
        "positionSide/dual symbolConfig time"
    ),
    ("POST", "/fapi/v1"): ("positionSide/dual"),
    ("GET", "/fapi/v2"): ("account balance positionRisk"),
    ("GET", "/fapi/v3"): ("account balance positionRisk"),
    ("GET", "/sapi/v1/account"): ("apiRestrictions apiTradingStatus info status"),
    ("POST", "/sapi/v1/account"): ("disableFastWithdrawSwitch enableFastWithdrawSwitch"),
    ("GET", "/sapi/v1/accountSnapshot"): (""),
    ("GET", "/sapi/v1/addressVerify"): ("list"),
    ("GET", "/sapi/v1/asset"): (
        "assetDetail assetDividend custody/transfer-history dribblet "
        "ledger-transfer/cloud-mining/queryByPage tradeFee transfer wallet/balance"
    ),
    ("POST", "/sapi/v1/asset"): (
        "dust dust-btc dust-convert/convert dust-convert/query-convertible-assets "
        "get-funding-asset transfer"
    ),
    ("GET", "/sapi/v1/bfusd"): (
        "account history/rateHistory history/redemptionHistory history/rewardsHistory "
        "history/subscriptionHistory quota"
    ),
    ("POST", "/sapi/v1/bfusd"): ("redeem subscribe"),
    ("POST", "/sapi/v1/bnbBurn"): (""),
    ("GET", "/sapi/v1/capital"): (
        "config/getall deposit/address deposit/address/list deposit/hisrec "
        "withdraw/address/list withdraw/history withdraw/quota"
    ),
    ("POST", "/sapi/v1/capital"): ("deposit/credit-apply withdraw/apply"),
    ("GET", "/sapi/v1/earn"): ("arena/activities"),
    ("GET", "/sapi/v1/eth-staking"): (
        "eth/history/rateHistory eth/history/redemptionHistory eth/history/stakingHistory "
        "eth/history/wbethRewardsHistory eth/quota wbeth/history/unwrapHistory "
        "wbeth/history/wrapHistory"
    ),
    ("POST", "/sapi/v1/eth-staking"): ("eth/redeem wbeth/wrap"),
    ("GET", "/sapi/v1/fiat"): ("get-order-detail orders payments"),
    ("POST", "/sapi/v1/fiat"): ("deposit"),
    ("GET", "/sapi/v1/localentity"): (
        "country/list deposit/history questionnaire-requirements region/list vasp withdraw/history"
    ),
    ("POST", "/sapi/v1/localentity"): ("broker/withdraw/apply withdraw/apply"),
    ("PUT", "/sapi/v1/localentity"): ("broker/deposit/provide-info deposit/provide-info"),
    ("DELETE", "/sapi/v1/margin"): ("isolated/account openOrders"),
    ("GET", "/sapi/v1/margin"): (
        "account allAssets allPairs borrow-repay interestHistory isolated/account "
        "isolated/allPairs maxBorrowable maxTransferable openOrders tradeCoeff"
    ),
    ("POST", "/sapi/v1/margin"): ("borrow-repay isolated/account"),
    ("GET", "/sapi/v1/nft"): (
        "history/deposit history/transactions history/withdraw user/getAsset"
    ),
    ("GET", "/sapi/v1/onchain-yields"): (
        "account locked/history/redemptionRecord locked/history/rewardsRecord "
        "locked/history/subscriptionRecord locked/list locked/personalLeftQuota "
        "locked/position locked/subscriptionPreview"
    ),
    ("POST", "/sapi/v1/onchain-yields"): (
        "locked/redeem locked/setAutoSubscribe locked/setRedeemOption locked/subscribe"
    ),
    ("GET", "/sapi/v1/rebate"): ("taxQuery"),
    ("GET", "/sapi/v1/rwusd"): (
        "account history/rateHistory history/redemptionHistory history/rewardsHistory "
        "history/subscriptionHistory quota"
    ),
    ("POST", "/sapi/v1/rwusd"): ("redeem subscribe"),
    ("GET", "/sapi/v1/simple-earn"): (
        "account flexible/history/collateralRecord flexible/history/rateHistory "
        "flexible/history/redemptionRecord flexible/history/rewardsRecord "
        "flexible/history/subscriptionRecord flexible/list flexible/personalLeftQuota "
        "flexible/position flexible/subscriptionPreview locked/history/redemptionRecord "
        "locked/history/rewardsRecord locked/history/subscriptionRecord locked/list "
        "locked/personalLeftQuota locked/position locked/subscriptionPreview"
    ),
    ("POST", "/sapi/v1/simple-earn"): (
        "flexible/redeem flexible/setAutoSubscribe flexible/subscribe locked/redeem "
        "locked/setAutoSubscribe locked/setRedeemOption locked/subscribe"
    ),
    ("GET", "/sapi/v1/soft-staking"): ("history/rewardsRecord list set"),
    ("GET", "/sapi/v1/sol-staking"): (
        "account sol/history/bnsolRewardsHistory sol/history/boostRewardsHistory "
        "sol/history/rateHistory sol/history/redemptionHistory sol/history/stakingHistory "
        "sol/history/unclaimedRewards sol/quota"
    ),
    ("POST", "/sapi/v1/sol-staking"): ("sol/claim sol/redeem sol/stake"),
    ("GET", "/sapi/v1/spot"): ("asset/tags delist-schedule open-symbol-list"),
    ("GET", "/sapi/v1/system"): ("status"),
    ("GET", "/sapi/v2/eth-staking"): ("account"),
    ("POST", "/sapi/v2/eth-staking"): ("eth/stake"),
    ("POST", "/sapi/v2/fiat"): ("withdraw"),
    ("GET", "/sapi/v2/loan"): (
        "flexible/borrow/history flexible/collateral/data flexible/liquidation/history "
        "flexible/loanable/data flexible/ltv/adjustment/history flexible/ongoing/orders "
        "flexible/repay/history flexible/repay/rate interestRateHistory"
    ),
    ("POST", "/sapi/v2/loan"): ("flexible/adjust/ltv flexible/borrow flexible/repay"),
    ("GET", "/sapi/v2/localentity"): ("deposit/history withdraw/history"),
    ("PUT", "/sapi/v2/localentity"): ("deposit/provide-info"),
    ("POST", "/sapi/v3/asset"): ("getUserAsset"),
}

ELSEWHERE: Final = frozenset(
    (method, f"{beginning}/{rest}" if rest else beginning)
    for (method, beginning), words in _PATHS.items()
    for rest in (words.split(" ") if words else [""])
)
