"""Every address of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("mooring.web.urls")),
]

handler400 = "mooring.web.views.errors.bad_request"
handler403 = "mooring.web.views.errors.forbidden"
handler404 = "mooring.web.views.errors.not_found"
handler500 = "mooring.web.views.errors.server_error"
