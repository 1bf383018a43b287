"""One run a folder at a time; the system lets go of a killed one's lock by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from t4s_lib.sources.errors import DataError

LOCK_FILE = ".lock"


@contextmanager
def locked(out: Path, shared: bool = False) -> Iterator[None]:
    """Hold a folder; it is made if it is not there.

    Args:
        out: The folder.
        shared: Let others in that say the same; keep out those that do not.

    Raises:
        DataError: If another process holds it.
    """
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK_FILE).open("ab") as file:
        try:
            import fcntl
        except ImportError:  # not on Windows, where two runs are not told apart
            yield
            return
        try:
            how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise DataError(
                f"--out is {out}, where another t4s is running; wait for it, "
                "or give another folder"
            ) from fault
        yield
