"""For all tests: nothing is downloaded, and a slow machine is no failure."""

import os

from hypothesis import settings

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # two test processes, two cores

settings.register_profile("t4s", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("t4s")
