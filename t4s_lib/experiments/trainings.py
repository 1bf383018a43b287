"""Trains an arm with ``t4s train``, in a process of its own, or in several."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from t4s_lib.experiments.arms import Arm
from t4s_lib.training.apart import environment, program
from t4s_lib.training.recipe import to_dict


def train_arm(arm: Arm, given: Sequence[str]) -> None:
    """Train an arm that is not done, or go on where it was cut off.

    Args:
        arm: What to train.
        given: ``--recipe`` and ``--set`` of the experiment, an arm's own left out.

    Raises:
        ValueError: If it is there and is another training, or if it failed; what it
            said of that stands on stderr.
    """
    arm.check()
    if arm.state == "done":
        return
    command = training_command(arm, given)
    here = environment(arm.processes)
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=here)
    if done.returncode != 0:
        raise ValueError(
            f"training of {arm} ended with exit code {done.returncode}, expected 0; "
            f"what it left is in {arm.folder}"
        )


def training_command(arm: Arm, given: Sequence[str]) -> list[str]:
    """The command line of an arm's training.

    One that was begun goes on by the recipe in its folder, to the letter.
    """
    command = [*program(arm.processes), "train"]
    if arm.state == "begun":
        command += ["--recipe", str(arm.folder / "recipe.yaml"), "--resume"]
    else:
        own = {key: to_dict(arm.recipe)[key] for key in ("codec", "grid", "seed")}
        command += given
        command += [f for k, v in own.items() for f in ("--set", f"{k}={v}")]
    return [*command, "--out", str(arm.folder)]


def training_words(given: Sequence[str], processes: int) -> str:
    """How every arm was trained, for the record."""
    own = (f"--set {key}=..." for key in ("codec", "grid", "seed"))
    return " ".join(
        ["python", *program(processes)[1:], "train", *given, *own, "--out ..."]
    )
