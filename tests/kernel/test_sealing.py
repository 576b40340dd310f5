"""What is sealed opens for its own purpose only, unchanged, with a key that is listed."""

import pytest

from mooring.kernel.sealing import SealBroken, SealingKeyMissing, seal, unseal

CONTENT = b"JBSWY3DPEHPK3PXP"
PURPOSE = "api_key.secret:417"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.SEALING_KEYS = ["first key"]


def test_what_was_sealed_opens():
    assert unseal(seal(CONTENT, purpose=PURPOSE), purpose=PURPOSE) == CONTENT


def test_it_opens_as_the_database_returns_it():
    assert unseal(memoryview(seal(CONTENT, purpose=PURPOSE)), purpose=PURPOSE) == CONTENT


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff" * 1_000_000], ids=len)
def test_content_of_every_length_opens(content):
    assert unseal(seal(content, purpose=PURPOSE), purpose=PURPOSE) == content


def test_nothing_of_the_content_shows():
    sealed = seal(CONTENT * 10, purpose=PURPOSE)
    assert CONTENT[:4] not in sealed
    assert PURPOSE.encode() not in sealed


def test_the_same_content_is_never_sealed_alike():
    assert len({seal(CONTENT, purpose=PURPOSE) for _ in range(100)}) == 100


@pytest.mark.parametrize("purpose", ["api_key.secret:418", "api_key.secret:41", "", PURPOSE + " "])
def test_it_does_not_open_for_another_purpose(purpose):
    sealed = seal(CONTENT, purpose=PURPOSE)
    with pytest.raises(SealBroken):
        unseal(sealed, purpose=purpose)


def test_no_byte_of_it_can_be_changed():
    sealed = seal(CONTENT, purpose=PURPOSE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(bytes(changed), purpose=PURPOSE)


def test_no_byte_of_it_can_be_missing():
    sealed = seal(CONTENT, purpose=PURPOSE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(sealed[:length], purpose=PURPOSE)
    with pytest.raises(SealBroken):
        unseal(sealed + b"\x00", purpose=PURPOSE)


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    before = seal(CONTENT, purpose=PURPOSE)
    settings.SEALING_KEYS = ["second key", "first key"]
    after = seal(CONTENT, purpose=PURPOSE)
    assert unseal(before, purpose=PURPOSE) == CONTENT
    settings.SEALING_KEYS = ["second key"]
    assert unseal(after, purpose=PURPOSE) == CONTENT


def test_what_a_missing_key_sealed_does_not_open(settings):
    sealed = seal(CONTENT, purpose=PURPOSE)
    settings.SEALING_KEYS = ["second key"]
    with pytest.raises(SealBroken):
        unseal(sealed, purpose=PURPOSE)


def test_without_any_key_nothing_is_sealed_or_opened(settings):
    sealed = seal(CONTENT, purpose=PURPOSE)
    settings.SEALING_KEYS = []
    with pytest.raises(SealingKeyMissing):
        seal(CONTENT, purpose=PURPOSE)
    with pytest.raises(SealBroken):
        unseal(sealed, purpose=PURPOSE)


def test_what_fails_says_where_and_shows_nothing():
    with pytest.raises(SealBroken, match=r"api_key\.secret:417") as broken:
        unseal(b"\x01" + CONTENT * 3, purpose=PURPOSE)
    assert CONTENT.decode() not in str(broken.value)
