"""
How long properties search.

`make test` searches for a minute or so. `pytest tests/properties --hypothesis-profile=nightly`
searches for hours.
"""

from hypothesis import settings

settings.register_profile(
    "nightly", deadline=None, print_blob=True, max_examples=2000, stateful_step_count=100
)
