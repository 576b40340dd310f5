"""The addresses of devices: confirming one at log-in, and looking after them."""

from django.urls import path

from mooring.web.views import device, devices

urlpatterns = [
    path("accounts/device/", device.confirm_device, name="account_device"),
    path("security/devices", devices.devices, name="devices"),
    path("security/devices/others/end", devices.end_others, name="end_other_sessions"),
    path("security/devices/<row:device_id>/revoke", devices.revoke_device, name="revoke_device"),
    path("security/sessions/<row:session_id>/end", devices.end_session, name="end_session"),
]
