"""
People and their accounts.

Owns who a person is (`User`: log-in by e-mail) and what the platform owes obligations to
(`Account`: the customer's account, the key of every row that grows with customers). Promises
that an account row is the first lock of every action that moves its money. Never holds money.
"""
