"""What machines ask: is it alive, and how does it install."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mooring.kernel import db


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this process and its database work, else 503."""
    try:
        db.rows("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Describe the installable app. Source: requirement ACC-4."""
    icons = [
        {"src": static(f"web/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "name": "Mooring",
            "short_name": "Mooring",
            "description": _("Hold, earn, and take it home again."),
            "start_url": "/",
            "id": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f5f1",
            "theme_color": "#f6f5f1",
            "icons": icons,
            "shortcuts": [
                {"name": _("Earn"), "url": "/earn"},
                {"name": _("Wallet"), "url": "/wallet"},
            ],
        },
        content_type="application/manifest+json",
        headers={"Cache-Control": "max-age=3600"},
    )
