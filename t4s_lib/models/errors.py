"""The one error of this package: one line for a person, no traceback needed."""

from __future__ import annotations


class ModelError(ValueError):
    """A model that is not there, not whole, or does not fit.

    The message is one line that names the thing, what was found and what was
    expected, so a command line can print it as it is.
    """
