"""Every page's address."""

from django.urls import URLPattern, URLResolver, include, path

from mooring.web.views import (
    entrance,
    finance,
    health,
    help_pages,
    home,
    markets,
    preferences,
    sandbox,
    search,
    wallet,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("accounts/", include(entrance.urlpatterns)),
    path("search", search.search, name="search"),
    path("search/suggestions", search.suggestions, name="search_suggestions"),
    path("finance", finance.finance, name="finance"),
    path("markets", markets.markets, name="markets"),
    path("orders", markets.orders, name="orders"),
    path("wallet", wallet.wallet, name="wallet"),
    path("wallet/<slug:code>", wallet.asset, name="wallet_asset"),
    path("status", help_pages.status, name="status"),
    path("help", help_pages.help_page, name="help"),
    path("developers/v1", help_pages.reference, name="reference"),
    path("terms", help_pages.terms_page, name="terms"),
    path("preferences/language", preferences.choose_language, name="choose_language"),
    path("preferences/currency", preferences.choose_currency, name="choose_currency"),
    path("preferences/theme", preferences.choose_theme, name="choose_theme"),
    path("sandbox/advance", sandbox.advance, name="sandbox_advance"),
    path("sandbox/state", sandbox.state, name="sandbox_state"),
    path("healthz", health.healthz, name="healthz"),
    path("manifest.webmanifest", health.manifest, name="manifest"),
    path("", include("mooring.web.device_urls")),
    path("", include("mooring.web.earn_urls")),
    path("", include("mooring.web.factor_urls")),
    path("", include("mooring.web.verification_urls")),
    path("", include("mooring.web.security_urls")),
    path("", include("mooring.web.key_urls")),
    path("", include("mooring.web.recovery_urls")),
    path("", include("mooring.web.notice_urls")),
    path("", include("mooring.web.staff_earn_urls")),
    path("", include("mooring.web.ticket_urls")),
]
