"""
Earn: flexible and locked products, their rewards, and the way out of them.

Owns what was agreed with each customer (product, terms, position, redemption) and promises
that a redemption does what its quote said, that no reward depends on when somebody looked, and
that an operator can close a product's entrance but never its exit. Holds no money: principal
and rewards are balances of the book.
"""
