"""The addresses of Earn."""

from django.urls import URLPattern, path

from mooring.web.views import auto_subscribe, earn, history, maturity, products, redeem, redemptions

urlpatterns: list[URLPattern] = [
    path("earn", earn.overview, name="earn"),
    path("earn/staking", earn.overview, {"kind": "LOCKED"}, name="staking"),
    path("earn/flexible", earn.overview, {"kind": "FLEXIBLE"}, name="flexible"),
    path("earn/auto-subscribe", auto_subscribe.auto_subscribe, name="auto_subscribe"),
    path("earn/products", products.products, name="products"),
    path("earn/products/<str:code>", products.product, name="product"),
    path("earn/products/<str:code>/subscribe", products.subscribe, name="subscribe"),
    path("earn/positions/<row:position_id>", earn.position, name="position"),
    path("earn/positions/<row:position_id>/reminder.ics", earn.remind, name="remind"),
    path("earn/positions/<row:position_id>/end", maturity.maturity, name="maturity"),
    path("earn/positions/<row:position_id>/redeem", redeem.redeem, name="redeem"),
    path("earn/positions/<row:position_id>/redeem/confirm", redeem.confirm, name="confirm"),
    path("earn/<slug:code>", earn.asset, name="earn_asset"),
    path("redemptions", earn.listing, name="redemptions"),
    path("redemptions/<row:redemption_id>", redemptions.redemption, name="redemption"),
    path("redemptions/<row:redemption_id>/undo", redemptions.undo, name="undo"),
    path("history", history.history, name="history"),
    path("history.csv", history.history_csv, name="history_csv"),
]
