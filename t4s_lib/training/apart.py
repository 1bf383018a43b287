"""A training in processes of its own, watched from this one.

    train("tiny", out, processes=2, callbacks=[panel])     is what users call

Each process takes its share of a step's samples, so two cores do more than two threads
of one process. What it tells is read from the files that it writes, as it writes them:
a callback here sees the moments that one there would. Where it goes on with a training
that was cut off, callbacks are told of the moments before as well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from t4s_lib.training.film import Prediction
from t4s_lib.training.moments import Look, Moment
from t4s_lib.training.progress import ProgressLine
from t4s_lib.training.recipe import to_yaml
from t4s_lib.training.records import Records

if TYPE_CHECKING:
    from t4s_lib.training.specs import Recipe

_PATIENCE = 0.2
"""Seconds between two looks at the files."""

_LEASH = "T4S_LEASH"
"""Set where a process ends with the one that holds its standard input."""

_ERROR = "t4s: "
"""What a line of the command line's begins with that says why it gave up."""


def processes_here() -> int:
    """How many suit this machine: one a GPU; without one, two if it has two cores.

    More than two is not tried: each evaluates its share, and a laptop has other work.
    """
    import torch

    if torch.cuda.is_available():
        return int(torch.cuda.device_count())
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(cores, 2)


def program(processes: int) -> list[str]:
    """The command line that runs ``t4s`` in one process or in several."""
    if processes == 1:
        return [sys.executable, "-m", "t4s_lib"]
    torchrun = ["-m", "torch.distributed.run", "--nproc_per_node", str(processes)]
    # Any free port: two trainings on one machine do not meet.
    return [sys.executable, *torchrun, "--standalone", "-m", "t4s_lib"]


def environment(processes: int) -> dict[str, str]:
    """What several processes on one machine's cores need to know."""
    import torch

    if processes == 1 or torch.cuda.is_available():
        return dict(os.environ)
    return {**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"}


def end_with_the_one_who_asked() -> None:
    """Where ``train_apart`` started this process: end when the other is gone.

    A notebook's kernel that is restarted in a training may be killed, and has no time
    to stop it. What ends with it is the pipe to the processes' standard input.
    """
    if os.environ.pop(_LEASH, None) is None:
        return

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)  # nobody writes: it returns where the pipe ends
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def train_apart(
    recipe: Recipe,
    out: Path,
    processes: int,
    *,
    resume: bool = False,
    data: str | Path | None = None,
    callbacks: Sequence[Look] | None = None,
) -> None:
    """Train in processes of their own, and tell of each moment here.

    Args:
        recipe: What is trained.
        out: Where everything is written.
        processes: How many share a step's samples.
        resume: Go on from the last whole checkpoint in ``out``.
        data: The folder with the real data sets.
        callbacks: Told of each moment; a progress line for None.

    Raises:
        ValueError: If the training failed: the line in which it says why.
    """
    looks = [ProgressLine()] if callbacks is None else list(callbacks)
    with tempfile.TemporaryDirectory() as folder:
        file, said = Path(folder, f"{recipe.name}.yaml"), Path(folder, "stderr")
        file.write_text(to_yaml(recipe), encoding="utf-8")
        command = [*program(processes), "train", "--recipe", str(file)]
        command += ["--out", str(out)] + ["--resume"] * resume
        command += ["--data", str(data)] if data is not None else []
        # A log that is not gone on with is another training's: it will be refused.
        is_anothers = not resume and (out / "log.jsonl").exists()
        with said.open("wb") as errors:
            running = _start(command, processes, errors)
            try:
                moments = _moments(recipe, out, running)
                for moment in () if is_anothers else moments:
                    for look in looks:
                        look(moment)
                running.wait()
            finally:
                _stop(running)
        if running.returncode != 0:
            raise ValueError(_why(said, running.returncode))


def _start(
    command: Sequence[str], processes: int, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env={**environment(processes), _LEASH: "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )


def _stop(running: subprocess.Popen[bytes]) -> None:
    """End it where it still runs: a callback failed, or a reader pressed stop."""
    if running.poll() is None:
        running.terminate()
    running.wait()
    if running.stdin:
        running.stdin.close()


def _moments(
    recipe: Recipe, out: Path, running: subprocess.Popen[bytes]
) -> Iterator[Moment]:
    """The moments as they are written, until the training is over."""
    log, film = Records(out / "log.jsonl"), Records(out / "film.jsonl")
    told = begun = None
    is_over = False
    while not is_over:
        is_over = running.poll() is not None
        for line in log.read():
            # One that goes on logs again what came after its checkpoint.
            if told is None or line["step"] > told:
                told, begun = line["step"], begun or line
                yield _moment(recipe, line, film.read(), begun)
        time.sleep(0 if is_over else _PATIENCE)


def _moment(
    recipe: Recipe,
    line: Mapping[str, Any],
    film: Sequence[Mapping[str, Any]],
    begun: Mapping[str, Any],
) -> Moment:
    """A line of ``log.jsonl`` as the moment that it was written of."""
    shown = [Prediction(**p) for p in film if p["step"] == line["step"]]
    return Moment(
        **line,
        predictions=shown if "scores" in line else (),
        steps=recipe.steps,
        minutes=recipe.minutes,
        steps_here=line["step"] - begun["step"],
        seconds_here=line["seconds"] - begun["seconds"],
    )


def _why(said: Path, code: int) -> str:
    lines = said.read_text(encoding="utf-8", errors="replace").splitlines()
    named = [line for line in lines if line.startswith(_ERROR)]
    if named:
        return named[-1].removeprefix(_ERROR)
    last = next((line for line in lines[::-1] if line.strip()), "it said nothing")
    return f"training ended with exit code {code}, expected 0: {last.strip()}"
