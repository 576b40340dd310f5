"""What a visitor wishes: language, display currency, light or dark. Works without an account."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from mooring.accounts import api as accounts
from mooring.web.visit import (
    COOKIE_SECONDS,
    CURRENCY_COOKIE,
    THEME_COOKIE,
    THEMES,
    PageRequest,
)


@require_POST
def choose_language(request: PageRequest) -> HttpResponse:
    """Remember the language and go back to the page."""
    response = back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, code)
    return response


@require_POST
def choose_currency(request: PageRequest) -> HttpResponse:
    """Remember the display currency, with the account where there is one."""
    response = back(request)
    currency = request.POST.get("currency", "")
    if currency in accounts.DISPLAY_CURRENCIES:
        if request.visit.profile is not None:
            account_id = request.visit.account_id
            accounts.choose_display_currency(account_id=account_id, currency=currency)
        _remember(response, CURRENCY_COOKIE, currency)
    return response


@require_POST
def choose_theme(request: PageRequest) -> HttpResponse:
    """Remember light, dark or the system's choice."""
    response = back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(response, THEME_COOKIE, theme)
    return response


def back(request: PageRequest) -> HttpResponseRedirect:
    """Return a redirect to the page the form was on; to the start if that is not ours."""
    wished = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wished if is_ours else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
