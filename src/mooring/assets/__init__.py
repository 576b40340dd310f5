"""
What can be held, and what it is worth.

Owns the assets (coins and currencies, with the decimals each has) and their prices, rows with
the time each begins. Promises that a missing price is said, never taken for one or for nothing:
who values something without a price gets a refusal. Never holds money.
"""
