"""A program for accelerate launch: trains, and says what each process held.

With a third word, it also copies the training as if it had been cut off after its
first checkpoint, and goes on with the copy in a process group of its own.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from accelerate import PartialState
from torch.distributed.tensor import DTensor
from transformers import TrainerCallback

from t4s_lib.training.processes import leaving_together
from t4s_lib.training.recipe import load_recipe
from t4s_lib.training.session import Session
from t4s_lib.training.trainer import train


def held(model: Any) -> dict[str, int]:
    """Tensors, how many are split, and the numbers that are on this process."""
    weights = [p.data for p in model.parameters()]
    here = [w.to_local() if isinstance(w, DTensor) else w for w in weights]
    return {
        "tensors": len(weights),
        "split": sum(isinstance(w, DTensor) for w in weights),
        "numbers": sum(w.numel() for w in here),
    }


class Teller(TrainerCallback):  # type: ignore[misc]
    """Keeps what was held in the middle of the training."""

    found: dict[str, int] | None = None

    def on_step_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **_: Any
    ) -> None:
        self.found = held(model)


def main(recipe: str, out: str, copy: str | None = None) -> None:
    torch.set_num_threads(1)
    session = Session(load_recipe(recipe), Path(out), callbacks=[])
    start = session.open(False)
    assert start is not None
    session.prepare()
    teller = Teller()
    session._trainer.add_callback(teller)
    session.run(start)
    state = PartialState()
    said = {"world": state.num_processes, **(teller.found or {})}
    Path(out, f"rank{state.process_index}.json").write_text(json.dumps(said))
    if copy is not None:
        if state.is_main_process:
            shutil.copytree(out, copy)
            cut_off(Path(copy))
        state.wait_for_everyone()
        train(recipe, copy, resume=True, callbacks=[])


def cut_off(out: Path) -> None:
    """Leave what a kill between the two checkpoints leaves."""
    (out / "done.json").unlink()
    shutil.rmtree(out / "adapter")
    shutil.rmtree(out / "checkpoints" / "checkpoint-4")


if __name__ == "__main__":
    with leaving_together():
        main(*sys.argv[1:])
