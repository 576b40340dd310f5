"""The addresses of keys for programs."""

from django.urls import URLPattern, path

from mooring.web.views import api_keys

urlpatterns: list[URLPattern] = [
    path("security/keys", api_keys.keys, name="api_keys"),
    path("security/keys/new", api_keys.create, name="api_key_create"),
    path("security/keys/<row:key_id>/revoke", api_keys.revoke, name="api_key_revoke"),
]
