"""
Telling a customer's own servers what happens to an account (decision 0039).

Owns addresses, messages and their delivery. The rows of messages come from triggers and from the
book; nothing here decides anything about money, and nothing is sent inside a transaction.
"""
