"""Kill the library at random points, again and again, and see that nothing is lost.

    python -m benchmarks.kills --kills 50 --seed 0

A task runs in a process of its own, which is killed with SIGKILL at a random one of
the places where it opens, renames or removes a file: exactly there, or up to 20 ms
later. After each kill every file that has its final name must be whole. The task is
then begun again in the same folder, killed again, and so on; when it comes to its
end, the folder must hold what it holds after a run that nothing disturbed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from benchmarks.kill_course import Course, Refresh
from benchmarks.kill_tasks import Evaluation, Files, Task
from benchmarks.kill_training import Training
from benchmarks.torn_files import torn

TASKS: dict[str, Task] = {
    task.name: task for task in (Files(), Evaluation(), Training(), Course(), Refresh())
}
"""What is killed, by name: everything in the library that writes files."""

_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
_LATEST = 0.02  # seconds from a place to the kill, at most
_ROUND = 6  # kills of one folder, then a new one


class Lost(Exception):
    """Something that a kill destroyed."""


def main() -> int:
    """Kill, print a line a task; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50, help="How many, all in all.")
    parser.add_argument("--seed", type=int, default=0, help="Other places.")
    parser.add_argument("--task", choices=TASKS, help="This one only.")
    asked = parser.parse_args()
    chosen = [asked.task] if asked.task else list(TASKS)
    shares = {name: TASKS[name].share for name in chosen}
    rng, lost, done = random.Random(asked.seed), 0, 0
    for name in chosen:
        is_last = name == chosen[-1]
        share = round(asked.kills * shares[name] / sum(shares.values()))
        kills = asked.kills - done if is_last else share
        done += kills
        found = killed(TASKS[name], kills, rng)
        lost += len(found["lost"])
        print(json.dumps({"task": name, **found}), flush=True)
    return 1 if lost else 0


def killed(task: Task, kills: int, rng: random.Random) -> dict[str, Any]:
    """Kill a task so many times.

    Returns:
        How many kills, folders and seconds there were, and what was lost.
    """
    start, lost, left, folders = time.monotonic(), [], kills, 0
    with tempfile.TemporaryDirectory() as top:
        task.prepare(Path(top) / "given")
        places, whole = _undisturbed(task, Path(top))
        while left > 0:
            folders += 1
            out = Path(top) / f"out-{folders}"
            try:
                left -= _one_folder(task, out, places, min(left, _ROUND), rng)
                _compare(task.ending(out), whole)
            except Lost as error:
                lost.append(str(error))
                left -= 1
    seconds = round(time.monotonic() - start, 1)
    return {"kills": kills, "folders": folders, "seconds": seconds, "lost": lost}


def _undisturbed(task: Task, top: Path) -> tuple[int, dict[str, Any]]:
    """How many places there are to kill at, and what the task ends with."""
    out = top / "undisturbed"
    task.begin(out)
    told = _Child(lambda: task.run(out), out, None).wait()
    if told.status != 0:
        raise SystemExit(f"the task {task.name} fails undisturbed: {told.status}")
    return told.places, task.ending(out)


def _one_folder(
    task: Task, out: Path, places: int, kills: int, rng: random.Random
) -> int:
    """Kill a task in one folder, then let it end; how many kills there were."""
    task.begin(out)
    for number in range(kills):
        late = rng.choice((None, rng.uniform(0, _LATEST)))
        child = _Child(lambda: task.run(out), out, rng.randrange(places) + 1, late)
        status = child.wait().status
        _see(task, out, f"kill {number + 1}")
        if status == 0:  # it came to its end before the place
            return max(1, number)
        if status != -signal.SIGKILL:
            raise Lost(f"begun again after kill {number}, it fails with {status}")
    status = _Child(lambda: task.run(out), out, None).wait().status
    if status != 0:
        raise Lost(f"begun again after {kills} kills, it fails with {status}")
    return kills


def _see(task: Task, out: Path, when: str) -> None:
    found = [*torn(out), *task.wrong(out)]
    if found:
        raise Lost(f"after {when}: {'; '.join(found)}")


def _compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    if found.keys() != expected.keys():
        raise Lost(f"ended with {sorted(found)}, expected {sorted(expected)}")
    other = [name for name in expected if found[name] != expected[name]]
    if other:
        raise Lost(f"{', '.join(other)} differ from those of an undisturbed run")


class _Child:
    """A fork that acts, and dies at a place.

    Args:
        act: What it does.
        out: The folder whose files count.
        place: The number of the place; None to live.
        late: Seconds to live on from there; None for not at all.
    """

    def __init__(
        self,
        act: Callable[[], None],
        out: Path,
        place: int | None,
        late: float | None = None,
    ) -> None:
        self._late, self.places, self.status = late, 0, 0
        self._read, write = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._read)
            _act(act, _Counter(out, place, late is None, write))
        os.close(write)

    def wait(self) -> _Child:
        """Until it has ended, by itself or not."""
        said = b""
        while True:
            select.select([self._read], [], [])
            piece = os.read(self._read, 64)
            if not piece:
                break
            said += piece
            if said.startswith(b"!"):
                time.sleep(self._late or 0)
                os.kill(self._pid, signal.SIGKILL)
                break
        os.close(self._read)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        self.places = int(said) if said.isdigit() else 0
        return self


class _Counter:
    """An audit hook that counts what is done to the files of a folder."""

    def __init__(self, out: Path, place: int | None, at_once: bool, pipe: int) -> None:
        self._out, self._place, self._at_once = str(out), place, at_once
        self.pipe, self.n = pipe, 0

    def __call__(self, event: str, details: tuple[Any, ...]) -> None:
        if event not in _EVENTS or not str(details[0]).startswith(self._out):
            return
        self.n += 1
        if self.n == self._place:
            if self._at_once:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(self.pipe, b"!")


def _act(act: Callable[[], None], counter: _Counter) -> NoReturn:
    status = 1
    try:
        sys.addaudithook(counter)
        act()
        os.write(counter.pipe, str(counter.n).encode())
        status = 0
    except BaseException as error:  # noqa: BLE001  a fork must not go on from here
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
