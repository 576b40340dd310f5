"""
The last stage of a log-in: a browser that the person has not confirmed yet.

It also ends a log-in that is over before it is one: between password and code there may be minutes,
in which the owner has chosen another password, added a factor, or ended all other log-ins.
"""

from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from mooring.accounts import policies as accounts_policies
from mooring.accounts.actions.confirm_device import (
    Pending,
    add_device,
    add_first_device,
    confirm_device,
    confirming_contact,
    send_device_code,
)
from mooring.accounts.entrance import throttle
from mooring.accounts.entrance.entering import given_up
from mooring.accounts.models import Account
from mooring.accounts.origin import Origin
from mooring.accounts.presence import browsers, devices
from mooring.accounts.proofs.codes import CodeVerdict, CodeView, Purpose, find_code
from mooring.accounts.proofs.factor_stage import FactorStage
from mooring.kernel import clock
from mooring.policies import api as policies

KEY: Final = "device"


class DeviceStage(LoginStage):  # type: ignore[misc]  # allauth is not typed
    """Asks for the code that confirms a new browser; the page is /accounts/device/."""

    key = KEY
    urlname = "account_device"
    #: What is kept with the pending log-in: its name, the latest code, a mark of the password,
    #: the epoch of the person's log-ins.
    state: dict[str, Any]

    def __init__(self, controller: Any, request: HttpRequest, login: Any) -> None:
        super().__init__(controller, request, login)
        # Stages are made as soon as the password was right: this is the password that was.
        if login.user is not None:
            self.state.setdefault("mark", login.user.get_session_auth_hash())
            self.state.setdefault("epoch", login.user.log_in_epoch)

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Let pass who is in a browser that they have confirmed; send others a code."""
        if self.login.user is None:
            return None, True
        if not self.is_still_right():
            return self.give_up(), False
        tokens = browsers.device_tokens(self.request)
        if devices.find_device_id(tokens, user_id=self._user_id) is not None:
            return None, True
        if self.login.signup:
            token = add_first_device(user_id=self._user_id, origin=self._origin)
        elif (
            not policies.in_force(at=clock.now())[accounts_policies.DEVICE_CONFIRM_NEW]
            or self._is_confirmed_by_factor()
        ):
            token = add_device(user_id=self._user_id, origin=self._origin, at=clock.now())
        else:
            self.state.setdefault("binding", uuid4().hex)
            self.send_code()
            return redirect(self.urlname), True
        browsers.hand_out(self.request, token)
        return None, True

    def give_up(self) -> HttpResponse:
        """End this log-in before it is one, and lead back to its beginning."""
        clear_login(self.request)
        return given_up(self.request)

    def keep(self) -> None:
        """Keep what has changed of the pending log-in for the next request."""
        stash_login(self.request, self.login)

    def is_still_right(self) -> bool:
        """Whether nothing ended this log-in since it began: password, factors, account, owner."""
        now = self.login.user.get_session_auth_hash()
        status = Account.objects.filter(user_id=self._user_id).values_list("status", flat=True)
        return (
            self.state.get("epoch") == self.login.user.log_in_epoch
            and constant_time_compare(self.state["mark"], now)
            and all(found == Account.Status.OPEN for found in status)
        )

    def send_code(self) -> bool:
        """Send a new code for this log-in; False where too many were sent within an hour."""
        issued = send_device_code(
            user_id=self._user_id,
            binding=self.state["binding"],
            origin=self._origin,
            at=clock.now(),
        )
        if issued is not None:
            self.state["code"] = str(issued.id)
        return issued is not None

    def code(self) -> CodeView | None:
        """Return what is known of the code that was sent last; None before the first."""
        code_id = self.state.get("code")
        return find_code(UUID(code_id), purpose=Purpose.NEW_DEVICE) if code_id else None

    def check(self, text: str) -> CodeVerdict:
        """Try a code; if it is right, this browser is a device of the person's."""
        code = self.code()
        origin, at = self._origin, clock.now()
        budgets = throttle.code_budgets(self._user_id, origin.ip, None)
        if code is None or not throttle.take(*budgets, wall=origin.wall, at=at):
            return CodeVerdict.WRONG
        verdict, token = confirm_device(
            user_id=self._user_id,
            code_id=code.id,
            text=text,
            pending=Pending(binding=self.state["binding"], epoch=self.state["epoch"]),
            origin=origin,
            at=at,
        )
        if token:
            browsers.hand_out(self.request, token)
        return verdict

    def _is_confirmed_by_factor(self) -> bool:
        """Whether the factor was a code to where the code for a new browser would go as well."""
        proven = FactorStage(self.controller, self.request, self.login).proven_contact
        return bool(proven) and proven == confirming_contact(self._user_id)[1]

    @property
    def _user_id(self) -> int:
        return int(self.login.user.pk)

    @property
    def _origin(self) -> Origin:
        return browsers.origin_of(self.request, session=None, wall=clock.wall())
