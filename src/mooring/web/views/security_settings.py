"""Changing what a log-in is made of: each form leads to the page that confirms it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from mooring.web import step_up
from mooring.web.access import members_only
from mooring.web.forms.security import AntiPhishingForm, LanguageForm, NewPasswordForm
from mooring.web.pages import security as pages
from mooring.web.visit import PageRequest


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: PageRequest) -> HttpResponse:
    """Ask for a new password."""
    form = NewPasswordForm(
        request.POST if request.method == "POST" else None,
        user_id=request.visit.user_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )
    if form.is_valid():
        facts = {"password": form.cleaned_data["password"]}
        return step_up.ask(request, "password.change", facts, back=reverse("security"))
    return _form(request, "web/security/password.html", form)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def anti_phishing(request: PageRequest) -> HttpResponse:
    """Ask for the code that marks our mails."""
    form = AntiPhishingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts = {"code": form.cleaned_data["code"]}
        return step_up.ask(request, "anti_phishing.change", facts, back=reverse("security"))
    return _form(request, "web/security/anti_phishing.html", form)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: PageRequest) -> HttpResponse:
    """Ask for the language of our messages."""
    present = {"language": pages.person(request).language}
    form = LanguageForm(request.POST if request.method == "POST" else None, initial=present)
    if form.is_valid():
        facts = {"language": form.cleaned_data["language"]}
        return step_up.ask(request, "language.change", facts, back=reverse("security"))
    return _form(request, "web/security/language.html", form)


def _form(request: PageRequest, template: str, form: object) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    shown = {"form": form, "person": pages.person(request)}
    return render(request, template, shown, status=status)
