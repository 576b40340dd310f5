"""
Our own API, for what the compatible one has no word for (decision 0038).

Quotes, redemptions and their undo, tracking, holds, notices, what products paid, and in a sandbox
the clock. Everything is declared once; the description and its page are made of the declarations.
"""
