"""A key is made of what was confirmed, does what it may, and ends for good."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from mooring.accounts import api as accounts
from mooring.accounts import messenger
from mooring.accounts.actions.authenticate_key import (
    SignedRequest,
    authenticate_key,
    authenticate_keys,
)
from mooring.accounts.actions.create_api_key import create_api_key, issue_api_key
from mooring.accounts.actions.revoke_api_key import revoke_api_key
from mooring.accounts.errors import AccountNotOpen, StepUpNotProven
from mooring.accounts.keys import errors
from mooring.accounts.keys.api_keys import NewApiKey, end_api_keys, list_api_keys
from mooring.accounts.models import (
    Account,
    ApiKey,
    LoginSession,
    SecurityEvent,
    StepUp,
    User,
)
from mooring.accounts.origin import Origin
from mooring.accounts.proofs import step_up
from mooring.accounts.rules.api_keys import Right, read_networks, read_order
from mooring.accounts.rules.public_keys import _SMALL_ORDER_Y, read_public_key
from mooring.policies import api as policies

from .test_signatures import hmac_signed

WALL = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = datetime(2030, 1, 1, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
ORDER = {"label": "bot", "type": "HMAC", "rights": "trade"}
HOME = "192.0.2.1"


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """Collect what people would be told."""
    messages = []

    def write(written, *, at):
        messages.extend(written)

    monkeypatch.setattr(messenger, "_WRITERS", [write])
    return messages


def open_account(name="alice"):
    email = f"{name}@example.com"
    return accounts.open_account(email=email, password="four random harbour words", at=AT)


@pytest.fixture
def alice(db):
    return open_account()


@pytest.fixture
def bob(db):
    return open_account("bob")


def issue(account_id, **given):
    return issue_api_key(account_id=account_id, order=read_order(ORDER | given), at=AT)


def use(made, *, right=Right.READ, ip=HOME, at=AT, payload=b"timestamp=1", signature=None):
    return authenticate_key(
        shown(made, right=right, ip=ip, payload=payload, signature=signature), at=at
    )


def shown(made, *, right=Right.READ, ip=HOME, payload=b"timestamp=1", signature=None):
    return SignedRequest(
        api_key=made.api_key,
        payloads=[payload],
        signature=signature or hmac_signed(made.secret or "", payload),
        ip=ip,
        right=right,
    )


def reason_of(*args, **kwargs):
    with pytest.raises(errors.ApiKeyRefused) as refused:
        use(*args, **kwargs)
    return refused.value.reason


# --- making ---


def confirmed(account_id, data, *, action="api_key.create"):
    """Make a session and a step-up of it that was proven."""
    user_id = Account.objects.get(id=account_id).user_id
    session = LoginSession.objects.create(
        user_id=user_id, session_key=uuid4().hex, ip=HOME, begun_at=WALL, seen_at=WALL
    )
    origin = Origin(wall=WALL, ip=HOME, session_id=session.pk, device_name="Firefox on Linux")
    made = step_up.begin(action=action, user_id=user_id, data=data, origin=origin)
    StepUp.objects.filter(id=made).update(proven_at=WALL, password_at=WALL, factor_at=WALL)
    return {"step_up_id": made, "account_id": account_id, "origin": origin}


def test_a_key_is_what_was_confirmed(alice, told):
    order = read_order(ORDER | {"rights": "withdraw", "networks": "192.0.2.1 2001:db8::/48"})
    made = create_api_key(**confirmed(alice, order.data()), at=AT)
    [view] = list_api_keys(alice)
    assert (view.api_key, view.label, view.type) == (made.api_key, "bot", "HMAC")
    assert view.rights == {Right.READ, Right.WITHDRAW}
    assert view.networks == ("192.0.2.1/32", "2001:db8::/48")
    assert (view.created_at, view.used_at, view.used_ip) == (AT, None, None)
    assert [message.kind for message in told] == ["api_key_created"]
    event = SecurityEvent.objects.get(kind="api_key_created")
    assert (event.ip, event.device_name) == (HOME, "Firefox on Linux")
    assert made.secret not in str(event.details) + str(told)


def test_a_step_up_makes_one_key(alice):
    asked = confirmed(alice, read_order(ORDER).data())
    create_api_key(**asked, at=AT)
    with pytest.raises(StepUpNotProven):
        create_api_key(**asked, at=AT)
    assert len(list_api_keys(alice)) == 1


def test_nobody_makes_a_key_of_another_account(alice, bob):
    asked = confirmed(alice, read_order(ORDER).data())
    with pytest.raises(StepUpNotProven):
        create_api_key(**asked | {"account_id": bob}, at=AT)
    assert not ApiKey.objects.exists()


def test_a_key_needs_its_own_fresh_proof(alice):
    data = read_order(ORDER).data()
    asked = confirmed(alice, data)
    other = confirmed(alice, data, action="password.change")
    late = replace(asked["origin"], wall=WALL + 5 * A_MINUTE)
    for wrong in (
        {"step_up_id": uuid4()},
        {"origin": other["origin"]},
        {"step_up_id": other["step_up_id"], "origin": other["origin"]},
        {"origin": late},
        {"origin": replace(asked["origin"], session_id=None)},
    ):
        with pytest.raises(StepUpNotProven):
            create_api_key(**asked | wrong, at=AT)
    StepUp.objects.filter(id=asked["step_up_id"]).update(data=data | {"rights": "withdraw"})
    with pytest.raises(StepUpNotProven):
        create_api_key(**asked, at=AT)
    assert not ApiKey.objects.exists()


def test_the_secret_is_kept_sealed_for_its_own_key_only(alice):
    first, second = issue(alice), issue(alice)
    assert len(first.secret) == len(first.api_key) == 64
    assert len({first.secret, second.secret, first.api_key, second.api_key}) == 4
    row = ApiKey.objects.get(id=first.id)
    assert first.secret.encode() not in bytes(row.sealed_secret)
    other = ApiKey.objects.get(id=second.id)
    ApiKey.objects.filter(id=first.id).update(sealed_secret=other.sealed_secret)
    with pytest.raises(Exception, match="does not open"):
        use(first)


def test_an_account_has_at_most_as_many_keys_as_the_policy_says(alice, monkeypatch):
    monkeypatch.setattr("mooring.accounts.keys.api_keys.policies.in_force", lambda **_at: _Two())
    keys = [issue(alice), issue(alice)]
    with pytest.raises(errors.TooManyApiKeys):
        issue(alice)
    revoke_api_key(account_id=alice, key_id=keys[0].id, origin=None, at=AT)
    issue(alice)


class _Two:
    def __getitem__(self, _policy):
        return 2


def test_the_policy_of_the_number_is_declared():
    assert policies.get_policy("apikey.count_max").default == 30


def test_a_disabled_account_gets_no_key(alice):
    Account.objects.filter(id=alice).update(status="DISABLED", disabled_at=AT)
    with pytest.raises(AccountNotOpen):
        issue(alice)


# --- what it may be made of ---

ORDERS = [
    ("no label", {"label": " "}, errors.LabelMalformed),
    ("a label too long", {"label": "x" * 41}, errors.LabelMalformed),
    ("a line break", {"label": "a\nb"}, errors.LabelMalformed),
    ("NUL", {"label": "a\0"}, errors.LabelMalformed),
    ("an override of direction", {"label": "a\u202eb"}, errors.LabelMalformed),
    ("zero width", {"label": "a\u200bb"}, errors.LabelMalformed),
    ("half a character", {"label": "a\ud800"}, errors.LabelMalformed),
    ("no type", {"type": ""}, errors.KeyTypeUnknown),
    ("another type", {"type": "NONE"}, errors.KeyTypeUnknown),
    ("another right", {"rights": "read,admin"}, errors.RightUnknown),
    ("withdrawing from anywhere", {"rights": "withdraw"}, errors.NetworksMissing),
    ("a public key to HMAC", {"public_key": "x"}, errors.PublicKeyMalformed),
    ("no public key", {"type": "ED25519"}, errors.PublicKeyMalformed),
]


@pytest.mark.parametrize(("case", "given", "refusal"), ORDERS, ids=[row[0] for row in ORDERS])
def test_an_order_that_is_none_is_refused(case, given, refusal):
    with pytest.raises(refusal) as refused:
        read_order(ORDER | given)
    assert refused.value.field in {*ORDER, "networks", "public_key"}, case


def test_an_order_reads_as_it_was_written():
    order = read_order(ORDER | {"networks": "10.0.0.0/8", "rights": "withdraw, trade"})
    assert read_order(order.data()) == order
    assert read_order({"label": "x", "type": "hmac"}).rights == {Right.READ}


NETWORKS = [
    ("everybody", "0.0.0.0/0", "too_wide"),
    ("everybody of IPv6", "::/0", "too_wide"),
    ("half of everybody", "128.0.0.0/1", "too_wide"),
    ("a wide one of IPv6", "2000::/31", "too_wide"),
    ("everybody of IPv4 as IPv6", "::ffff:0:0/96", "too_wide"),
    ("bits beyond the prefix", "10.0.0.1/8", "host_bits"),
    ("bits beyond the prefix of IPv6", "2001:db8::1/48", "host_bits"),
    ("a name", "example.com", "not_a_network"),
    ("a mask", "10.0.0.0/255.0.0.0", "not_a_network"),
    ("a mask the other way round", "10.0.0.0/0.255.255.255", "not_a_network"),
    ("an empty prefix", "10.0.0.0/", "not_a_network"),
    ("a negative prefix", "10.0.0.0/-1", "not_a_network"),
    ("a long prefix", "10.0.0.0/33", "not_a_network"),
    ("octal", "010.0.0.1", "not_a_network"),
    ("one number", "167772161", "not_a_network"),
    ("hexadecimal", "0x0a000001", "not_a_network"),
    ("a zone", "fe80::1%eth0", "not_a_network"),
    ("full-width digits", "\uff11\uff10.0.0.1", "not_a_network"),
    ("a port", "10.0.0.1:80", "not_a_network"),
    ("thirty-one", " ".join(f"10.0.0.{number}" for number in range(31)), "too_many"),
]


@pytest.mark.parametrize(("case", "text", "reason"), NETWORKS, ids=[row[0] for row in NETWORKS])
def test_a_network_that_is_none_is_refused(case, text, reason):
    with pytest.raises(errors.NetworksMalformed) as refused:
        read_networks(f"192.0.2.1 {text}" if reason != "too_many" else text)
    assert refused.value.reason == reason, case


def test_networks_are_read_in_any_list_and_written_once():
    assert read_networks("192.0.2.1,\n10.0.0.0/8 ,, 2001:DB8::/32 192.0.2.1/32") == (
        "192.0.2.1/32",
        "10.0.0.0/8",
        "2001:db8::/32",
    )
    assert read_networks("::ffff:192.0.2.1") == ("192.0.2.1/32",)


# --- public keys ---


def public_pem(private):
    public = private.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private_pem(private, form=PrivateFormat.PKCS8):
    return private.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


@pytest.fixture(scope="module")
def rsa_private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def rsa_of(bits, exponent=65537):
    return public_pem(rsa.generate_private_key(public_exponent=exponent, key_size=bits))


def ed25519_pem(raw):
    public = ed25519.Ed25519PublicKey.from_public_bytes(raw)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_public_key_is_kept_in_its_normal_form(rsa_private):
    private = ed25519.Ed25519PrivateKey.generate()
    pem = public_pem(private)
    pasted = "\n  " + pem.replace("\n", "\r\n") + "\n"
    assert read_public_key(pasted, kind="ED25519") == pem
    assert read_public_key(public_pem(rsa_private), kind="RSA") == public_pem(rsa_private)


def test_a_private_key_is_refused_and_said_to_be_spoilt(rsa_private):
    private = ed25519.Ed25519PrivateKey.generate()
    for kind in ("HMAC", "ED25519", "RSA"):
        for pem in (
            private_pem(private),
            private_pem(rsa_private, PrivateFormat.TraditionalOpenSSL),
            public_pem(private) + private_pem(private),
            "-----begin encrypted private key-----",
        ):
            with pytest.raises(errors.PrivateKeyPasted, match="throw it away"):
                read_public_key(pem, kind=kind)


def test_other_kinds_and_forms_of_keys_are_refused(rsa_private):
    ed = public_pem(ed25519.Ed25519PrivateKey.generate())
    pkcs1 = rsa_private.public_key().public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    openssh = rsa_private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    for text, kind, reason in [
        (ed, "RSA", "other_type"),
        (public_pem(rsa_private), "ED25519", "other_type"),
        (public_pem(ec.generate_private_key(ec.SECP256R1())), "ED25519", "other_type"),
        (public_pem(dsa.generate_private_key(2048)), "RSA", "other_type"),
        (public_pem(x25519.X25519PrivateKey.generate()), "ED25519", "other_type"),
        (pkcs1, "RSA", "not_pem"),
        (openssh.decode(), "RSA", "not_pem"),
        (ed + ed, "ED25519", "not_pem"),
        ("Subject: me\n" + ed, "ED25519", "not_pem"),
        (ed[:80], "ED25519", "not_pem"),
        (ed.replace("MCow", "AAAA"), "ED25519", "not_pem"),
        ("x" * 100_000, "RSA", "not_pem"),
        ("é", "RSA", "not_pem"),
    ]:
        with pytest.raises(errors.PublicKeyMalformed) as refused:
            read_public_key(text, kind=kind)
        assert refused.value.reason == reason, text[:60]


def test_an_rsa_key_has_2048_to_4096_bits_and_a_usual_exponent():
    assert read_public_key(rsa_of(4096), kind="RSA")
    for pem, reason in [
        (rsa_of(1024), "rsa_size"),
        (rsa_of(4104), "rsa_size"),
        (rsa_of(2048, exponent=3), "rsa_exponent"),
    ]:
        with pytest.raises(errors.PublicKeyMalformed) as refused:
            read_public_key(pem, kind="RSA")
        assert refused.value.reason == reason


def test_a_point_that_signs_for_everybody_is_refused():
    prime = 2**255 - 19
    for y in _SMALL_ORDER_Y:
        for sign in (0, 1 << 255):
            with pytest.raises(errors.PublicKeyMalformed):
                read_public_key(ed25519_pem((y | sign).to_bytes(32, "little")), kind="ED25519")
    for number in (prime, prime + 1, 2**255 - 1, 2**256 - 1, 2):
        with pytest.raises(errors.PublicKeyMalformed):
            read_public_key(ed25519_pem(number.to_bytes(32, "little")), kind="ED25519")


def test_the_points_of_small_order_are_these():
    prime = 2**255 - 19
    d = -121665 * pow(121666, -1, prime) % prime

    def doubled_y(y):
        # Of a point with x² = (y² - 1)/(dy² + 1): y of its double is (y² + x²)/(1 - dx²y²).
        x2 = (y * y - 1) * pow(d * y * y + 1, -1, prime) % prime
        return (y * y + x2) * pow(1 - d * x2 * y * y, -1, prime) % prime

    for y in _SMALL_ORDER_Y:
        assert doubled_y(doubled_y(doubled_y(y))) == 1
    assert doubled_y(9) != 1


# --- using ---


def test_a_key_tells_whose_it_is_and_what_it_may(alice):
    made = issue(alice)
    holder = use(made, right=Right.TRADE)
    assert (holder.account_id, holder.key_id) == (alice, made.id)
    assert holder.rights == {Right.READ, Right.TRADE}


def test_a_key_that_may_not_is_refused_alike(alice, bob):
    reads = issue(alice, rights="")
    bound = issue(alice, networks="192.0.2.0/24")
    ended = issue(alice)
    revoke_api_key(account_id=alice, key_id=ended.id, origin=None, at=AT)
    frozen = issue(bob)
    Account.objects.filter(id=bob).update(status="DISABLED", disabled_at=AT)
    refused = {
        "right": reason_of(reads, right=Right.TRADE),
        "withdraw": reason_of(issue(alice), right=Right.WITHDRAW),
        "network": reason_of(bound, ip="198.51.100.1"),
        "ended": reason_of(ended),
        "account": reason_of(frozen),
        "unknown": reason_of(replace(reads, api_key="a" * 64)),
        "malformed": reason_of(replace(reads, api_key="a" * 63)),
    }
    assert refused == {
        **{name: name for name in refused},
        "withdraw": "right",
    }
    sentences = {str(errors.ApiKeyRefused(reason=reason)) for reason in refused}
    assert len(sentences) == 1
    assert not ApiKey.objects.exclude(used_at=None).exists()


def test_a_wrong_signature_and_anothers_signature_are_refused(alice, bob):
    hers, his = issue(alice), issue(bob)
    for signature in (hmac_signed(his.secret, b"timestamp=1"), "0" * 64, "é", " "):
        with pytest.raises(errors.SignatureWrong):
            use(hers, signature=signature)
    with pytest.raises(errors.SignatureWrong):
        # Rights are told to who holds the key only.
        use(issue(alice, rights=""), right=Right.WITHDRAW, signature="0" * 64)


NO_KEYS = ["", "a" * 65, "é" * 64, "\uff41" * 64, *("a" * 63 + sign for sign in "\n\0'% ")]


@pytest.mark.parametrize("api_key", NO_KEYS, ids=range(len(NO_KEYS)))
def test_what_is_no_key_is_refused_before_it_is_looked_for(alice, api_key):
    with CaptureQueriesContext(connection) as asked:
        assert reason_of(NewApiKey(id=0, api_key=api_key, secret="")) == "malformed"
    assert not any("accounts_api_key" in query["sql"] for query in asked.captured_queries)


ADDRESSES = [
    ("inside", "192.0.2.77", True),
    ("inside, as IPv6", "::ffff:192.0.2.77", True),
    ("inside of IPv6", "2001:db8:1::5", True),
    ("outside", "192.0.3.1", False),
    ("outside of IPv6", "2001:db9::1", False),
    ("nothing", "", False),
    ("a list from a proxy", "192.0.2.77, 198.51.100.1", False),
    ("octal", "0300.0.2.77", False),
]


@pytest.mark.parametrize(("case", "ip", "is_inside"), ADDRESSES, ids=[row[0] for row in ADDRESSES])
def test_a_bound_key_works_in_its_networks_only(alice, case, ip, is_inside):
    made = issue(alice, networks="192.0.2.0/24 2001:db8:1::/48")
    if is_inside:
        assert use(made, ip=ip), case
    else:
        assert reason_of(made, ip=ip) == "network", case


def test_the_last_use_is_written_once_a_minute(alice):
    made = issue(alice)
    use(made, ip=HOME)
    use(made, ip="192.0.2.2", at=AT + A_MINUTE - A_SECOND)
    [view] = list_api_keys(alice)
    assert (view.used_at, view.used_ip) == (AT, HOME)
    use(made, ip="192.0.2.2", at=AT + A_MINUTE)
    [view] = list_api_keys(alice)
    assert (view.used_at, view.used_ip) == (AT + A_MINUTE, "192.0.2.2")


def test_of_many_requests_each_is_told_what_is_its_own(alice, bob, django_assert_num_queries):
    mine, theirs, ended = issue(alice), issue(bob, rights="read,trade"), issue(alice)
    revoke_api_key(account_id=alice, key_id=ended.id, origin=None, at=AT)
    stranger = replace(shown(mine), api_key="A" * 64)
    with django_assert_num_queries(2):
        found = authenticate_keys(
            [
                shown(mine),
                shown(mine, signature="0" * 64),
                shown(theirs, right=Right.TRADE, ip="192.0.2.2"),
                shown(mine, right=Right.WITHDRAW),
                shown(ended),
                stranger,
                replace(stranger, api_key="short"),
            ],
            at=AT,
        )
    assert [getattr(one, "account_id", None) for one in found] == [alice, None, bob, *[None] * 4]
    assert isinstance(found[1], errors.SignatureWrong)
    assert [one.reason for one in found[3:]] == ["right", "ended", "unknown", "malformed"]
    [view] = list_api_keys(bob)
    assert (view.used_at, view.used_ip) == (AT, "192.0.2.2")
    [view] = list_api_keys(alice)
    assert (view.used_at, view.used_ip) == (AT, HOME)


# --- ending ---


def test_a_revoked_key_opens_nothing_from_that_moment(alice, told):
    made = issue(alice)
    use(made)
    revoke_api_key(account_id=alice, key_id=made.id, origin=None, at=AT)
    assert reason_of(made) == "ended"
    assert list_api_keys(alice) == ()
    assert [message.kind for message in told] == ["api_key_created", "api_key_revoked"]
    with pytest.raises(errors.ApiKeyNotFound):
        revoke_api_key(account_id=alice, key_id=made.id, origin=None, at=AT)


def test_anothers_key_is_as_absent(alice, bob):
    made = issue(bob)
    for key_id in (made.id, 0, -1, 2**63):
        with pytest.raises(errors.ApiKeyNotFound):
            revoke_api_key(account_id=alice, key_id=key_id, origin=None, at=AT)
    assert use(made)


def test_every_key_of_an_account_ends_at_once_and_is_told_once(alice, bob, told):
    keys, his = [issue(alice, label=label) for label in ("one", "two")], issue(bob)
    told.clear()
    with transaction.atomic():
        assert end_api_keys(alice, end=ApiKey.End.DISABLED, at=AT) == 2
        assert end_api_keys(alice, end=ApiKey.End.DISABLED, at=AT) == 0
    assert [reason_of(made) for made in keys] == ["ended", "ended"]
    assert use(his)
    [message] = told
    assert (message.kind, message.facts["label"]) == ("api_key_revoked", "one, two")


def test_a_key_is_revoked_once_by_twenty_at_once(committed_db):
    account_id = open_account()
    made = issue(account_id)
    barrier = threading.Barrier(20)

    def revoke(_number):
        try:
            barrier.wait()
            revoke_api_key(account_id=account_id, key_id=made.id, origin=None, at=AT)
        except errors.ApiKeyNotFound:
            return "absent"
        else:
            return "revoked"
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        assert Counter(threads.map(revoke, range(20))) == {"revoked": 1, "absent": 19}
    user = User.objects.get(email="alice@example.com")
    assert SecurityEvent.objects.filter(user=user, kind="api_key_revoked").count() == 1


def test_parallel_orders_do_not_exceed_the_number(committed_db, monkeypatch):
    monkeypatch.setattr("mooring.accounts.keys.api_keys.policies.in_force", lambda **_at: _Two())
    account_id = open_account()
    barrier = threading.Barrier(8)

    def order(_number):
        try:
            barrier.wait()
            issue(account_id)
        except errors.TooManyApiKeys:
            return "too many"
        else:
            return "made"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert Counter(threads.map(order, range(8))) == {"made": 2, "too many": 6}
