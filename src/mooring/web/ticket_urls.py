"""The addresses of questions to the operator, and of who answers them."""

from django.urls import URLPattern, path

from mooring.web.views import tickets

urlpatterns: list[URLPattern] = [
    path("help/tickets", tickets.listing, name="tickets"),
    path("help/tickets/new", tickets.ask, name="ticket_new"),
    path("help/tickets/<row:ticket_id>", tickets.ticket, name="ticket"),
    path("staff/tickets", tickets.desk, name="staff_tickets"),
    path("staff/tickets/<row:ticket_id>/answer", tickets.answer, name="staff_ticket_answer"),
]
