"""
What an operator may set: rates, limits, delays, each a row with the day it begins.

Owns the declarations (made by each app in its own `policies.py`) and the dated settings.
Promises that the value in force at a time never changes afterwards: rows are only added, and
none takes effect before it was decided. Never holds what an environment decides (`settings`)
nor what one product promises to its customers (`earn` has its terms).
"""
