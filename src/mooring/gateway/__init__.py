"""
The doors for programs: the Binance-compatible API, and our own.

Owns how a request is read, signed, counted and answered. Translates, and decides nothing: every
rule is an app's, every refusal becomes a public code by one table. Never touches the book, and
never shows a page.
"""
