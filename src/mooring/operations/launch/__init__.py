"""
One command from nothing to a running platform.

`embedded` runs a private PostgreSQL from the binaries of a Python package, `supervisor` keeps
database, web server and worker alive, and `preflight` says in one sentence why it cannot. No
module here knows an account or an amount, and none imports Django: the launcher must be able
to speak when everything else is broken.
"""
