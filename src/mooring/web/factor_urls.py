"""The addresses of second factors: proving one at log-in, and looking after them."""

from django.urls import URLPattern, path

from mooring.web.views import factor, factors

urlpatterns: list[URLPattern] = [
    path("accounts/factor/", factor.prove, name="account_factor"),
    path("security/factors", factors.factors, name="security_factors"),
    path("security/factors/app", factors.add_app, name="factor_add_app"),
    path("security/factors/passkey", factors.add_passkey, name="factor_add_passkey"),
    path("security/factors/<row:factor_id>/rename", factors.rename, name="factor_rename"),
    path("security/factors/<row:factor_id>/remove", factors.remove, name="factor_remove"),
    path("security/factors/codes", factors.switch_codes, name="factor_switch_codes"),
    path(
        "security/factors/recovery-codes",
        factors.make_recovery_codes,
        name="factor_recovery_codes",
    ),
]
