"""A JupyterLab of this environment, on loopback, that touches nothing of a user."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 90.0  # seconds, for whatever takes long on a slow machine
SETTINGS = {
    # Keep cells in the page that are scrolled out of sight.
    "notebook-extension/tracker": '{"windowingMode": "none"}',
    # Do not ask whether to fetch news.
    "apputils-extension/notification": '{"fetchNews": "false"}',
}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its folder, address and token."""

    folder: Path
    address: str
    token: str


@contextmanager
def running_lab(home: Path, folder: Path) -> Iterator[Lab]:
    """Starts JupyterLab, waits until it answers, and ends it.

    Args:
        home: Where Jupyter keeps settings and the like.
        folder: Where notebooks are.
    """
    lab = Lab(folder, f"http://127.0.0.1:{_free_port()}", "a-token-for-tests")
    log = home / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            _command(lab), env=_environment(home), stdout=out, stderr=out, cwd=folder
        )
    try:
        _wait_until_up(lab, server, log)
        yield lab
    finally:
        _end(server)


def end_kernels(lab: Lab) -> None:
    """End every kernel: one at a time is enough for two cores."""
    for session in json.loads(_ask(lab, "GET", "api/sessions")):
        _ask(lab, "DELETE", f"api/sessions/{session['id']}")


def _ask(lab: Lab, method: str, path: str) -> bytes:
    headers = {"Authorization": f"token {lab.token}"}
    request = urllib.request.Request(
        f"{lab.address}/{path}", method=method, headers=headers
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        body: bytes = answer.read()
    return body


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _command(lab: Lab) -> list[str]:
    return [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        "--ip=127.0.0.1",
        f"--port={lab.address.rpartition(':')[2]}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={lab.token}",
        f"--ServerApp.root_dir={lab.folder}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]


def _environment(home: Path) -> dict[str, str]:
    """The environment, with every folder that Jupyter writes to moved to ``home``."""
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    for name, value in SETTINGS.items():
        file = home / f"settings/@jupyterlab/{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value)
    moved = {name: str(home / place) for name, place in places.items()}
    ours = {"PYTHONPATH": str(ROOT), "T4S_PROGRESS": "off", "HF_HUB_OFFLINE": "1"}
    return {**os.environ, **moved, **ours}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_up(lab: Lab, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{lab.address}/api", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
