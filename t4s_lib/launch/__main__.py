"""Says where a configuration for ``accelerate launch`` is, or which there are."""

from __future__ import annotations

import sys

from t4s_lib.launch import WAYS, config_file


def main(words: list[str]) -> int:
    """Print a path; without a name, the names."""
    if not words:
        print("\n".join(f"{way:8}{does}" for way, does in WAYS.items()))
        return 0
    try:
        print(config_file(words[0]))
    except ValueError as error:
        print(f"t4s: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
