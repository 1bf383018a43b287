"""``python -m t4s_lib`` is ``t4s``."""

from __future__ import annotations

import sys

from t4s_lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
