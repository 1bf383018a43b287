"""Reading pickles that hold plain values, without running anything in them.

A pickle is a program that may call any function it can name. The files of REFER
need none: they are lists, dicts, strings and numbers. So no name is looked up.
"""

from __future__ import annotations

import copyreg
import pickle
import pickletools
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from t4s_lib.sources.errors import DataError, MissingFileError

_FAULTS = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


class _PlainUnpickler(pickle.Unpickler):
    """An unpickler that refuses every class, function and outside object."""

    def __init__(self, file: BinaryIO, name: Path) -> None:
        super().__init__(file, encoding="latin1")
        self._name = name

    def find_class(self, module_name: str, global_name: str) -> NoReturn:
        _refuse(self._name, f"{module_name}.{global_name}")

    def persistent_load(self, pid: object) -> NoReturn:
        _refuse(self._name, f"the outside object {pid!r}")


def _refuse(path: Path, what: str) -> NoReturn:
    raise DataError(
        f"{path} asks for {what}: refused, only plain lists, dicts, "
        "strings and numbers are read from a pickle"
    )


def _refuse_extensions(file: BinaryIO, path: Path) -> None:
    """Refuse extension codes, which take objects from a cache of ``copyreg``.

    The unpickler asks ``find_class`` only for codes that are not yet in that
    cache; it is nearly always empty, and then this costs nothing.
    """
    if vars(copyreg).get("_extension_cache", True):
        for opcode, argument, _ in pickletools.genops(file):
            if opcode.name.startswith("EXT"):
                _refuse(path, f"the extension {argument}")
        file.seek(0)


def load_plain_pickle(path: str | Path) -> Any:
    """Read a pickle that holds plain values only.

    Strings of Python 2 are read as Latin-1.

    Args:
        path: The file.

    Returns:
        What the file holds, made of ``list``, ``tuple``, ``dict``, ``set``,
        ``str``, ``bytes``, ``int``, ``float``, ``bool`` and ``None``.

    Raises:
        MissingFileError: If there is no such file.
        DataError: If the file asks for a class or function (none is imported or
            called), is cut off, or is no pickle.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.p").write_bytes(pickle.dumps([{"ref_id": 1}]))
        >>> load_plain_pickle(folder / "a.p")
        [{'ref_id': 1}]
        >>> _ = (folder / "b.p").write_bytes(pickle.dumps(print))
        >>> load_plain_pickle(folder / "b.p")
        Traceback (most recent call last):
        ...
        t4s_lib.sources.errors.DataError: ...b.p asks for builtins.print: refused, ...
    """
    file_path = Path(path)
    if not file_path.is_file():
        raise MissingFileError(f"{file_path} is not a file")
    with file_path.open("rb") as file:
        try:
            _refuse_extensions(file, file_path)
            return _PlainUnpickler(file, file_path).load()
        except DataError:
            raise
        except _FAULTS as fault:
            reason = " ".join(str(fault).split()) or type(fault).__name__
            raise DataError(
                f"{file_path} is cut off or not a pickle: {reason}"
            ) from fault
