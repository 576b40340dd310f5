"""The addresses of `/v1`; every other one below it is answered that there is nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from mooring.gateway.v1 import problems
from mooring.gateway.v1.application import API


def _nothing(_request: HttpRequest) -> HttpResponse:
    return problems.nothing()


urlpatterns = [path("v1/", API.urls), re_path("", _nothing)]
