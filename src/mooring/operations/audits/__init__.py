"""
Audits: what must be true across tables, asked of the database without the code that wrote it.

Each file holds the audits of one subject. An audit is a sentence and a query that returns the
rows that break it, so an empty answer is a clean one. The queries are SQL written anew from
`domain.md` §7.4, as sets; they share no function with the product, for an auditor who asks the
accused proves nothing. Each query is one statement and sees one moment of the database, so
audits may run while money moves.
"""
