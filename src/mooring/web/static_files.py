"""How static files are named: by content once collected, as they lie before that."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PageManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # not typed
    """
    Content-hashed names from the manifest of `collectstatic`; plain names without one.

    A checkout that never ran `collectstatic` serves its pages too; one that did, never serves
    a page with yesterday's style.
    """

    def stored_name(self, name: str) -> str:
        """Return the name a page should ask for."""
        if not self.hashed_files:
            return name
        return str(super().stored_name(name))
