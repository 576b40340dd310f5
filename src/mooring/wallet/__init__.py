"""
The border of the platform: what arrives, what leaves, and what a customer has where.

Owns deposits and withdrawals; so far the credit of a sandbox or an operator. Promises that
nothing arrives twice under one key and that a balance is shown in the state the book has it
in. Keeps no balance of its own.
"""
