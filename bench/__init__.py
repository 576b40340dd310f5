"""
Benchmarks: each measure beside a reference run of the same minute on the same server.

`python -m bench` starts a durable throw-away server, measures, prints a table with ratios and
writes `bench.json` into MOORING_HOME (`./var`). Absolute figures depend on the machine; the
ratios are what the goals are set in.
"""
