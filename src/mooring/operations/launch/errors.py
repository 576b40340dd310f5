"""Why the platform does not start, said to the person at the terminal."""


class CannotStart(Exception):
    """
    The platform does not start; the message is one sentence that says why and what to do.

    Neither a refusal (no customer asked) nor a fault (no promise is broken yet), so it stands
    outside the tree of `kernel.errors`.
    """
