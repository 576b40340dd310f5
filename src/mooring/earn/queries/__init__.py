"""Reads of Earn: products, positions, quotes, redemptions. Frozen facts, never querysets."""
