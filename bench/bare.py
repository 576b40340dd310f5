"""The least that answers over HTTP from the database: a view without middleware, one query."""

import os
from typing import Final

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mooring.settings.development")
django.setup(set_prefix=False)
settings.MIDDLEWARE = []
settings.ROOT_URLCONF = "bench.bare"
application = WSGIHandler()

from mooring.kernel import db  # noqa: E402 - only now are the apps there


def balance(_request: HttpRequest) -> JsonResponse:
    """Return one row."""
    [(id_, number)] = db.rows("SELECT id, balance FROM ledger_account ORDER BY id LIMIT 1")
    answer = JsonResponse({"id": id_, "balance": str(number)})
    # What Django's common middleware would add: without it a connection is not kept open.
    answer["Content-Length"] = str(len(answer.content))
    return answer


urlpatterns: Final = [path("", balance)]
