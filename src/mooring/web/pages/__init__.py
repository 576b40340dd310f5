"""
View models: what a page shows, frozen, ready to be written down.

A template that receives these cannot ask the database anything.
"""
