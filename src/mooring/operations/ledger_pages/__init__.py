"""
The accountant's pages: the chart, and what each event moves, as it really ran.

`docs/ledger` is written by this package (`tools/ledger_pages.py`) and a test compares it with
what runs now, so that the documentation of the book cannot lie.
"""
