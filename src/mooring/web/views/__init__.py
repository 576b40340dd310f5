"""The views: parse, one call inwards, render."""
