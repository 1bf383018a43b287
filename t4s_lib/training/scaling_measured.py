"""Is the arithmetic right? Operations counted one by one, and timed where they can be.

    python -m t4s_lib.training.scaling_measured --out docs/scaling.json

Counted with ``torch.utils.flop_counter`` in a forward and backward pass: of real
backbones in their true size on the meta device, where nothing is computed; and of
small ones on one core of this machine, where the time is taken too. That shows that
the count grows as the work does. It says nothing of the hours on a GPU.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from t4s_lib.training.budget import Budget
from t4s_lib.training.meta import measure, meta_model
from t4s_lib.training.plan import sample_flops
from t4s_lib.training.records import write_json

TRUE_SIZE = ("llava-hf/llava-1.5-7b-hf", "llava-hf/llava-1.5-13b-hf")
TEXT, ANSWER = 224, 176
"""Tokens of a sample's text, and those of them that are learned: about the paper's."""


@dataclass(frozen=True)
class Size:
    """A small LLaVA: as much like the real one as a core can take.

    Attributes:
        width: Of the language model, a multiple of 64.
        layers: Of the language model, and of the vision tower, which is half as wide.
        side: Of the picture, pixels; a patch has 14.
    """

    width: int
    layers: int = 4
    side: int = 224


SIZES = (Size(128), Size(256), Size(512))


@dataclass(frozen=True)
class Checked:
    """A step of one sample, counted.

    Attributes:
        name: What it is a step of.
        parameters: Of the backbone.
        tokens: Of the sample.
        counted: Operations that torch counted.
        predicted: What ``plan.sample_flops`` says.
        seconds: Processor time of the pass; None where nothing was computed.
    """

    name: str
    parameters: int
    tokens: int
    counted: int
    predicted: float
    seconds: float | None = None


def small_llava(size: Size) -> Any:
    """A LLaVA of a size, with random weights."""
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText

    inner = size.width // 2
    config = AutoConfig.for_model(
        "llava",
        vision_config={
            **_tower(inner, size.layers),
            "model_type": "clip_vision_model",
            "image_size": size.side,
            "patch_size": 14,
        },
        text_config={
            **_tower(size.width, size.layers),
            "model_type": "llama",
            "intermediate_size": 11 * size.width // 4,
            "num_key_value_heads": size.width // 64,
            "vocab_size": 4 * size.width,
        },
    )
    torch.manual_seed(0)
    return AutoModelForImageTextToText.from_config(config)


def checked(model: Any, name: str, checkpointing: bool = True, r: int = 64) -> Checked:
    """Count a LoRA step of one sample, and time it where it is computed.

    Args:
        model: A LLaVA, on whatever device.
        name: What to call it.
        checkpointing: Whether layers are computed again on the way back.
        r: Rank of the LoRA on all linear layers.
    """
    from torch.utils.flop_counter import FlopCounterMode

    shape = measure(model, name)
    budget = Budget(shape, r=r, targets="all-linear", checkpointing=checkpointing)
    tokens = shape.visual_tokens + TEXT
    tuned = _tuned(model, r, checkpointing)
    with FlopCounterMode(display=False) as counter:
        _step(tuned, tokens)
    seconds = None if tuned.device.type == "meta" else _seconds(tuned, tokens)
    counted = int(counter.get_total_flops())
    predicted = sample_flops(budget, tokens, ANSWER)
    return Checked(name, shape.parameters, tokens, counted, predicted, seconds)


def measured_table(path: Path) -> str:
    """What was measured, as Markdown.

    Raises:
        ValueError: If the file is not what this module writes.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        rows = [_row(Checked(**one)) for one in said["steps"]]
        machine = said["machine"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ValueError(f"{path} is not what scaling_measured writes") from fault
    head = "| step of | parameters | tokens | counted | predicted | ratio | GFLOP/s |"
    line = "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    words = ", ".join(f"{key} {value}" for key, value in machine.items())
    return "\n".join([head, line, *rows, "", f"Measured: {words}."])


def _row(one: Checked) -> str:
    rate = "-" if one.seconds is None else f"{one.counted / one.seconds / 1e9:.1f}"
    counted, predicted = (f"{n / 1e9:,.1f} G" for n in (one.counted, one.predicted))
    ratio = f"{one.predicted / one.counted:.3f}"
    size = f"{one.parameters / 1e6:,.1f} M"
    cells = (one.name, size, str(one.tokens), counted, predicted, ratio, rate)
    return f"| {' | '.join(cells)} |"


def _tower(width: int, layers: int) -> dict[str, int]:
    return {
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // 64),
    }


def _tuned(model: Any, r: int, checkpointing: bool) -> Any:
    """With a LoRA on all linear layers, and attention that can be counted."""
    from peft import get_peft_model

    from t4s_lib.models.families import family_of
    from t4s_lib.training.lora import lora_config
    from t4s_lib.training.specs import LoraSpec

    model.set_attn_implementation("eager")
    spec = LoraSpec(r=r, alpha=2 * r, dropout=0.0, targets="all-linear")
    tuned = get_peft_model(model, lora_config(spec, family_of(model.config)))
    if checkpointing:
        tuned.enable_input_require_grads()
        kwargs = {"use_reentrant": False}
        tuned.gradient_checkpointing_enable(gradient_checkpointing_kwargs=kwargs)
    return tuned.train()


def _step(model: Any, tokens: int) -> None:
    """One pass forward and back: the picture, then the text with room for it.

    The two are not joined: where the picture's tokens go depends on values, and on
    the meta device there are none. It costs no operation that is counted.
    """
    import torch

    side = model.config.vision_config.image_size
    width = model.config.get_text_config().hidden_size
    made = {"device": model.device, "dtype": model.dtype}
    pixels = torch.zeros(1, 3, side, side, **made)
    seen = model.get_base_model().get_image_features(pixels)
    features = seen if isinstance(seen, torch.Tensor) else seen.pooler_output
    picture = sum(one.float().mean() for one in features)
    embedded = torch.zeros(1, tokens, width, requires_grad=True, **made)
    scores = model(
        inputs_embeds=embedded,
        attention_mask=torch.zeros(1, 1, tokens, tokens, **made),
        logits_to_keep=ANSWER,
        use_cache=False,
    ).logits
    (scores.float().mean() + picture).backward()
    model.zero_grad()


def _seconds(model: Any, tokens: int, times: int = 2) -> float:
    """Processor time of the fastest of some steps."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        _step(model, tokens)
        taken.append(time.process_time() - start)
    return min(taken)


def _machine() -> dict[str, str]:
    import torch
    import transformers

    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.is_file() else []
    names = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "processor": names[0] if names else platform.machine(),
        "threads": str(torch.get_num_threads()),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def main(words: Sequence[str] | None = None) -> int:
    """Count and time every size, and write what was found."""
    import torch

    parser = argparse.ArgumentParser(prog="python -m t4s_lib.training.scaling_measured")
    parser.add_argument("--out", type=Path, required=True, metavar="JSON")
    out = parser.parse_args(words).out
    torch.set_num_threads(1)
    steps = [checked(small_llava(s), f"width {s.width}, 1 core") for s in SIZES]
    steps += [checked(meta_model(name), f"{name}, meta") for name in TRUE_SIZE]
    write_json(out, {"machine": _machine(), "steps": [asdict(one) for one in steps]})
    return 0


if __name__ == "__main__":
    sys.exit(main())
