"""The addresses of verification: the customer's, and those of who reviews."""

from django.urls import URLPattern, path

from mooring.web.views import staff, verification

urlpatterns: list[URLPattern] = [
    path("verification", verification.overview, name="verification"),
    path("verification/1", verification.form, {"level": 1}, name="verification_1"),
    path("verification/2", verification.form, {"level": 2}, name="verification_2"),
    path("verification/approve", verification.approve, name="verification_approve"),
    path("staff/verification", staff.queue, name="staff_verification"),
    path("staff/verification/<row:case_id>", staff.case, name="staff_case"),
    path("staff/verification/<row:case_id>/decide", staff.decide, name="staff_decide"),
    path("staff/accounts/<row:account_id>/flag", staff.flag, name="staff_flag"),
    path("staff/documents/<row:document_id>", staff.document, name="staff_document"),
]
