"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mooring.settings.development")

pages = get_wsgi_application()

# Only now: the settings are read and the apps are there.
from mooring.gateway.api import with_api  # noqa: E402

application = with_api(pages)
