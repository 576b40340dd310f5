"""The addresses of the operator's desk of Earn."""

from django.urls import URLPattern, path

from mooring.web.views import staff_earn

urlpatterns: list[URLPattern] = [
    path("staff/earn", staff_earn.desk, name="staff_earn"),
    path("staff/earn/propose", staff_earn.propose, name="staff_earn_propose"),
    path("staff/earn/decide", staff_earn.decide, name="staff_earn_decide"),
    path("staff/earn/pause", staff_earn.pause, name="staff_earn_pause"),
    path("staff/earn/windows/end", staff_earn.end_window, name="staff_earn_window_end"),
    path("staff/earn/products/<str:code>", staff_earn.product, name="staff_earn_product"),
]
