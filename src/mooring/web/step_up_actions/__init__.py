"""
Sensitive actions and how they read, a file per part.

Each file calls `web.step_up.register` when it is imported, and every file here is imported once
the apps are ready.
"""
