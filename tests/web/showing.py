"""What a customer of the tests sends to be verified."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.accounts.drawn import picture

IDENTITY = {"legal_name": "Alice Harbour", "birth_date": "1990-02-28", "country": "DE"}
ADDRESS = {"street": "Harbour Lane 1", "city": "Hamburg", "address_country": "DE"}
PICTURE = picture()


def file(content=PICTURE, name="photo.jpg", declared="image/jpeg"):
    return SimpleUploadedFile(name, content, declared)


def identity(**changes):
    """Return the fields and files of level 1; a change to None leaves one out."""
    sent = {**IDENTITY, "identity_front": file(), "portrait": file(), **changes}
    return {name: value for name, value in sent.items() if value is not None}


def address(**changes):
    """Return the fields and file of level 2."""
    return {**ADDRESS, "address": file(), **changes}
