"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """
    Argon2id with 19 MiB, two passes and one lane.

    Source: OWASP Password Storage Cheat Sheet, first choice. Django's own parameters take five
    times the memory and eight lanes, which fifty log-ins a second would not leave to anybody.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
