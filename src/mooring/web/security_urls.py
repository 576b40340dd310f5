"""The addresses of security: what is set, what happened, confirming, disabling."""

from django.urls import URLPattern, path

from mooring.web.views import contact, disable, security, security_settings, step_up

urlpatterns: list[URLPattern] = [
    path("security", security.security, name="security"),
    path("security/activity", security.activity, name="security_activity"),
    path("security/confirm/<uuid:step_up_id>", step_up.confirm, name="step_up"),
    path("security/password", security_settings.password, name="security_password"),
    path("security/email", contact.change, {"channel": "EMAIL"}, name="security_email"),
    path("security/phone", contact.change, {"channel": "SMS"}, name="security_phone"),
    path("security/contact/<uuid:code_id>", contact.code, name="security_contact_code"),
    path("security/contact/remove", contact.remove, name="security_contact_remove"),
    path("security/anti-phishing", security_settings.anti_phishing, name="anti_phishing"),
    path("security/language", security_settings.language, name="security_language"),
    path("security/disable", disable.disable, name="disable"),
    path("disabled", disable.disabled, name="disabled"),
    path("disable/<str:token>", disable.disable_by_link, name="disable_link"),
]
