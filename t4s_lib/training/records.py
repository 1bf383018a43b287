"""Files of JSON lines that a training writes, and cuts back when it resumes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from t4s_lib.whole_files import write_whole


class Records:
    """One object a line; each has at least ``step``.

    A training that was killed has often logged steps that no checkpoint holds.
    They are trained, and logged, again: ``cut`` takes their lines out.

    Args:
        path: The file; made when first written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, record: Mapping[str, Any]) -> None:
        """Write one more line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """All lines; a last one that was cut off is left out."""
        if not self.path.is_file():
            return []
        found = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                break
        return found

    def cut(self, step: int) -> None:
        """Take out what was written after a step."""
        kept = [record for record in self.read() if record["step"] <= step]
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in kept)
        write_whole(self.path, "".join(lines))


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file that is whole or not there."""
    write_whole(path, json.dumps(value, indent=2) + "\n")
