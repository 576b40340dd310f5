"""
The book: double entry, per asset, append-only. The one way money moves.

Promises that signed entries of a journal sum to zero per asset, that no customer's account is
ever negative, that a key moves money once, and that what was posted stays. Credit is positive,
debit negative: a customer's account is what we owe them, so theirs are positive. Knows accounts
by number only; whose they are (`owner_id`) means nothing to it.
"""
