"""
Messages to people: mail, SMS and the inbox.

Owns the outbox and promises that a message is written in the transaction of its cause, is sent
at least once, and that what concerns security cannot be turned off. Never decides what happened.
"""
