"""
The terms, as pure functions: facts in, verdict out.

`dates` (when), `rewards` (how much), `subscription` (may money come in), `redemption` (may it
leave, and what does leaving cost).
"""
