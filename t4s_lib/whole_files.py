"""Files that are whole or not there, whatever goes wrong while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """A file to write beside ``path``, which takes its name in the end.

    After an error it is gone, and what had the name before still has it. A process
    that is killed may leave it, hidden: its name begins with a dot.

    Args:
        path: The file's final name.

    Raises:
        OSError: If it cannot be written; it names ``path``.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "a.txt")
        >>> with written_beside(file) as beside:
        ...     _ = beside.write_text("whole")
        >>> file.read_text()
        'whole'
    """
    beside = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        yield beside
        beside.replace(path)
    except OSError as error:
        if error.filename is None or Path(error.filename) == beside:
            error.filename = str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text, UTF-8, with line feeds as they are."""
    with written_beside(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")
