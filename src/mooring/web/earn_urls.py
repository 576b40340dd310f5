"""The addresses of Earn."""

from django.urls import URLPattern, path

from mooring.web.views import earn

urlpatterns: list[URLPattern] = [
    path("earn", earn.overview, name="earn"),
    path("earn/staking", earn.overview, name="staking"),
    path("earn/flexible", earn.overview, name="flexible"),
    path("earn/products", earn.overview, name="products"),
    path("earn/<slug:code>", earn.overview, name="earn_asset"),
    path("redemptions", earn.overview, name="redemptions"),
    path("history", earn.overview, name="history"),
]
