"""The addresses of notices, and of the outbox that a sandbox shows."""

from django.urls import path

from mooring.web.views import notices

urlpatterns = [
    path("notices", notices.inbox, name="notices"),
    path("notices/read", notices.mark_all_read, name="notices_read"),
    path("notices/<row:notice_id>/read", notices.mark_read, name="notice_read"),
    path("notices/preferences", notices.preferences, name="notice_preferences"),
    path("sandbox/outbox", notices.outbox, name="sandbox_outbox"),
]
