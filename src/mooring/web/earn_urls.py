"""placeholder until earn has its door"""

import importlib.util

from django.shortcuts import render
from django.urls import path


def soon(request, **_facts):
    return render(request, "web/orders.html")


if importlib.util.find_spec("mooring.earn.api"):
    from mooring.web.earn_urls_full import urlpatterns
else:
    urlpatterns = [
        path(place, soon, name=name)
        for place, name in [
            ("earn", "earn"), ("earn/staking", "staking"), ("earn/flexible", "flexible"), ("earn/products", "products"),
            ("earn/<slug:code>", "earn_asset"), ("redemptions", "redemptions"), ("history", "history"),
        ]
    ]
