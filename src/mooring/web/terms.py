"""Which text people accept. The words are in the template of the same version."""

from typing import Final

#: Grows whenever a word that matters changes; kept with every acceptance.
VERSION: Final = "2026-11"
