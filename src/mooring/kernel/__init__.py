"""
What every app stands on: money, rounding, time, errors, transactions, jobs.

Knows no app and no customer. Everything here is small, pure where it can be, and imported by
module name (`from mooring.kernel import money`).
"""
