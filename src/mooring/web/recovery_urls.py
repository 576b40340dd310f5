"""The addresses of recovery: the way back in, the way to stop it, and who approves."""

from django.urls import URLPattern, path

from mooring.web.views import recovery, staff_recovery

urlpatterns: list[URLPattern] = [
    path("recovery", recovery.start, name="recovery"),
    path("recovery/check/<uuid:code_id>", recovery.check, name="recovery_check"),
    path("recovery/state", recovery.state, name="recovery_state"),
    path("recovery/password", recovery.password, name="recovery_password"),
    path("recovery/ask", recovery.ask, name="recovery_ask"),
    path("recovery/complete", recovery.complete, name="recovery_complete"),
    path("recovery/cancel/<str:token>", recovery.cancel, name="recovery_cancel"),
    # After the others: the link that a mail holds.
    path("recovery/<str:token>", recovery.link, name="recovery_link"),
    path("security/recovery", recovery.own, name="own_recovery"),
    path("staff/recoveries", staff_recovery.listing, name="staff_recoveries"),
    path(
        "staff/recoveries/<row:recovery_id>/approve",
        staff_recovery.approve,
        name="staff_recovery_approve",
    ),
]
