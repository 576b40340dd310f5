"""
Running the platform: the command line, the worker, the audits, demo data, the launcher.

Owns what operators and integrators type and what runs by itself. Promises that every command
answers with figures or with one sentence, and that the audits look at the book without asking
the code that wrote it. Decides nothing about money.
"""
