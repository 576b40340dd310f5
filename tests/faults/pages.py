"""A customer at the pages, without a browser: cookies, forms, tokens."""

import base64
import http.client
import json
import re
import urllib.parse
import zlib

from tests.faults.running import PASSWORD


class NoAnswer(Exception):
    """The connection broke, or the server said that it could not."""


class Member:
    """Logged in; one connection for each request, so that many can be under way at once."""

    def __init__(self, platform, facts):
        self.platform = platform
        self.port = platform.port
        self.facts = facts
        self.cookies = {}

    def ask(self, method, path, form=None):
        """Return status, headers and text; a server in trouble is no answer."""
        body = urllib.parse.urlencode(form) if form else None
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        finally:
            connection.close()
        if answer.status >= 500:
            raise NoAnswer
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers, text

    def log_in(self):
        _, _, page = self.ask("GET", "/accounts/login/")
        form = {"login": self.facts["email"], "password": PASSWORD, **_csrf(page)}
        status, headers, page = self.ask("POST", "/accounts/login/", form)
        assert status == 302, page
        assert headers["Location"] == "/accounts/device/", headers["Location"]
        _, _, page = self.ask("GET", "/accounts/device/")
        form = {"code": self.code_sent(), **_csrf(page)}
        status, _, page = self.ask("POST", "/accounts/device/", form)
        assert status == 302, page
        return self

    def code_sent(self):
        """Return the code of the last mail about a new browser."""
        rows = self.platform.rows(
            "SELECT body FROM notices_notice WHERE \"to\" = %s AND kind = 'code_new_device'"
            " ORDER BY id DESC LIMIT 1",
            [self.facts["email"]],
        )
        return re.search(r"(?<![\w-])(\d{6})(?![\w-])", rows[0][0])[1]

    def quote(self, number):
        """Return the token of a quote, with the form's own, as a person sees it on the page."""
        path = f"/earn/positions/{self.facts['position_id']}/redeem?amount={number}"
        status, _, page = self.ask("GET", path)
        assert status == 200, page
        found = re.search(r'name="quote" value="([^"]+)"', page) or re.search(
            r'\?quote=([^"&]+)"', page
        )
        token = urllib.parse.unquote(found[1])
        return {"quote": token, "terms": "1", **_csrf(page)}

    def confirm(self, form):
        """Return the number of the redemption, or None if nothing was redeemed."""
        path = f"/earn/positions/{self.facts['position_id']}/redeem/confirm"
        status, headers, page = self.ask("POST", path, form)
        assert status in {302, 409}, (status, page)
        if status == 409:
            return None
        return int(re.match(r"/redemptions/(\d+)", headers["Location"])[1])


def _csrf(page):
    return {
        "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    }


def key_of(form):
    """Return the key of a quote: what is signed is not secret."""
    text = form["quote"].split(":")[0]
    packed = text.startswith(".")
    text = text.lstrip(".")
    plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return json.loads(zlib.decompress(plain) if packed else plain)["key"]
