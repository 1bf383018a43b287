"""Where people keep data sets: the folders and files that a reader looks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from t4s_lib.sources.errors import DataError, MissingFileError, listed


def data_root(root: str | Path | None, name: str) -> Path:
    """The folder with the data.

    Args:
        root: That folder.
        name: The benchmark that needs it.

    Raises:
        DataError: If none is given; as ``MissingFileError`` if it is not there.
    """
    if root is None:
        raise DataError(f"{name} needs real data, expected --data with their folder")
    if not Path(root).is_dir():
        raise MissingFileError(f"data folder {root} does not exist")
    return Path(root)


def find_top(root: Path, names: Sequence[str], needs: Sequence[str], what: str) -> Path:
    """The folder of a data set: the first of several that has what it needs.

    Args:
        root: Where to look: in the folders ``names`` under it, then in itself.
        names: Paths under ``root``.
        needs: Paths of which one must be in the folder.
        what: The data set, for the message.

    Raises:
        MissingFileError: If there is none; says where it looked, and what for.
    """
    tops = [*(root / name for name in names), root]
    for top in tops:
        if any((top / need).exists() for need in needs):
            return top
    places = ", ".join((*names, "itself"))
    raise MissingFileError(
        f"{what} not found in {root}: expected {' or '.join(needs)} in {places}; "
        f"there is {listed(path.name for path in root.iterdir())}"
    )


def first_file(top: Path, names: Sequence[str], what: str) -> Path:
    """The first of several files that is there.

    Raises:
        MissingFileError: If none is; says which were looked for.
    """
    for name in names:
        if (top / name).is_file():
            return top / name
    raise MissingFileError(
        f"{what} not found in {top}: expected {' or '.join(names)}; "
        f"there is {listed(path.name for path in top.iterdir())}"
    )


def read_list(path: Path) -> list[str]:
    """The names in a list file, a line each; blank lines are passed over.

    Raises:
        DataError: If it is no text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as fault:
        raise DataError(f"{path} is not a list of names: {fault}") from fault
    return [line.strip() for line in lines if line.strip()]
