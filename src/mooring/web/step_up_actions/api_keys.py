"""Confirming a new key for programs."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from mooring.accounts import api as accounts
from mooring.web.pages import api_keys as pages
from mooring.web.step_up import register
from mooring.web.visit import PageRequest


def _create(request: PageRequest, step_up_id: UUID) -> HttpResponse:
    """Make the key, and show its secret in this answer and never again."""
    new = accounts.keys.create_api_key(
        account_id=request.visit.account_id,
        step_up_id=step_up_id,
        origin=request.visit.origin,
        at=request.visit.at,
    )
    made = pages.made(new, accounts.keys.find_api_key(request.visit.account_id, new.id))
    response = render(request, "web/keys/made.html", {"made": made})
    response.headers["Cache-Control"] = "no-store"
    return response


register(
    accounts.keys.CREATE_API_KEY,
    name=_("Make a key for programs"),
    describe=pages.lines_of,
    execute=_create,
)
