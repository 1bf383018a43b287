"""Backbones, from the package, from a folder or from the Hub: one way to load all."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from t4s_lib.models import checkpoints
from t4s_lib.models.errors import ModelError
from t4s_lib.models.families import Family, family_of
from t4s_lib.models.finding import local_adapter, one_line, resolve, unreachable
from t4s_lib.models.squash import one_view, side_of

DTYPES = ("auto", "float32", "float16", "bfloat16")
QUANTIZE = (None, "8bit", "4bit")


@dataclass(frozen=True)
class Backbone:
    """Who writes the text.

    Attributes:
        model: A model of transformers, or of peft where an adapter is on it.
        processor: Its processor, set to hand on a squashed picture whole.
        family: What is particular to it.
        source: Where it comes from: a folder, a Hub id.
    """

    model: Any
    processor: Any
    family: Family
    source: str

    @property
    def tokenizer(self) -> Any:
        """The processor's tokenizer."""
        return self.processor.tokenizer

    @property
    def side(self) -> int:
        """Side of the square picture it sees, pixels."""
        return side_of(self.processor)


def load_backbone(
    name: str | Path,
    *,
    adapter: str | Path | None = None,
    dtype: str = "auto",
    quantize: str | None = None,
    device: str = "auto",
    train: bool = False,
) -> Backbone:
    """Load a backbone.

    Args:
        name: ``"tiny"`` (the shipped model with its adapter), ``"tiny-base"``, a
            folder with a whole model, a folder with an adapter (its base is looked
            up), or a Hub id, which is downloaded unless ``HF_HUB_OFFLINE`` is 1.
        adapter: Another adapter to put on it: a folder or a Hub id.
        dtype: One of ``DTYPES``; ``"auto"`` takes the checkpoint's, and float32 on
            a CPU.
        quantize: ``"8bit"`` or ``"4bit"`` keeps the language model small; needs
            bitsandbytes.
        device: ``"auto"`` takes this process's GPU, else the CPU.
        train: Whether the adapter's weights will be trained.

    Returns:
        The backbone, in evaluation mode unless ``train``.

    Raises:
        ValueError: For an unknown family, an adapter of another base, missing or
            cut-off files, a model that is neither here nor reachable, or too little
            memory. One line each; nothing is written.
    """
    _check_choice("dtype", dtype, DTYPES)
    _check_choice("quantize", quantize, QUANTIZE)
    base, own = resolve(name)
    adapter = adapter or own
    put = local_adapter(adapter) if adapter else None
    config, family = _configuration(base)
    where = _device(device)
    kind = _dtype(dtype, config, where)
    processor = _processor(base, family)
    model = _model(base, config, kind, quantize, where)
    if put is not None:
        model = _with_adapter(model, put, train)
    return Backbone(model.train(train), processor, family, str(name))


def _configuration(base: str) -> tuple[Any, Family]:
    from transformers import AutoConfig, PretrainedConfig

    try:
        settings, _ = PretrainedConfig.get_config_dict(base)
        family = family_of(settings.get("model_type"))
        return AutoConfig.from_pretrained(base, trust_remote_code=False), family
    except OSError as error:
        raise unreachable(base, error) from error
    except ValueError as error:
        raise ModelError(f"{base}: {error}") from error


def _processor(base: str, family: Family) -> Any:
    from transformers import AutoProcessor

    from t4s_lib.models import novideo

    novideo.install()
    try:
        processor = AutoProcessor.from_pretrained(base, trust_remote_code=False)
    except OSError as error:
        raise unreachable(base, error) from error
    except (ImportError, ValueError) as error:
        raise ModelError(f"the processor of {base}: {_without_code(error)}") from error
    if not hasattr(processor, "image_processor"):
        raise ModelError(f"{base} has a tokenizer alone, expected a processor")
    own = processor.chat_template or processor.tokenizer.chat_template
    processor.chat_template = family.template or own
    if processor.chat_template is None:
        raise ModelError(f"{base} has no chat template, expected chat_template.jinja")
    _try_template(processor, base)
    return one_view(processor, family)


def _without_code(error: Exception) -> str:
    """An error in one line; that a folder brings its own code, in our words."""
    if "trust_remote_code" in str(error):
        return "it needs code that comes with it, which is never run"
    return one_line(error)


def _try_template(processor: Any, base: str) -> None:
    """See that the chat template, a program in a sandbox, writes a question."""
    from jinja2 import TemplateError

    content = [{"type": "image"}, {"type": "text", "text": "Where?"}]
    asked = [{"role": "user", "content": content}]
    try:
        processor.apply_chat_template(asked, add_generation_prompt=True)
    except (TemplateError, OverflowError, TypeError, ValueError) as error:
        found = f"the chat template of {base} does not work: {one_line(error)}"
        raise ModelError(found) from error


def _model(
    base: str, config: Any, dtype: str, quantize: str | None, device: Any
) -> Any:
    from safetensors import SafetensorError
    from transformers import AutoModelForImageTextToText

    from t4s_lib.models import memory

    memory.check(config, dtype, quantize, device)
    try:
        model, report = AutoModelForImageTextToText.from_pretrained(
            base,
            config=config,
            dtype=dtype,
            quantization_config=_quantization(config, quantize, dtype),
            device_map={"": device} if quantize else None,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except SafetensorError as error:
        raise ModelError(f"the weights of {base} are cut off: {error}") from error
    except OSError as error:
        raise unreachable(base, error) from error
    missing = sorted(report["missing_keys"])
    if missing:
        what = f"{len(missing)} tensors, the first {missing[0]}"
        raise ModelError(f"the weights of {base} are not whole: they lack {what}")
    return model if quantize else model.to(device)


def _quantization(config: Any, quantize: str | None, dtype: str) -> Any:
    """What bitsandbytes is told; the language model alone becomes small."""
    if quantize is None:
        return None
    from importlib.util import find_spec

    if find_spec("bitsandbytes") is None:
        needs = "needs bitsandbytes: pip install bitsandbytes"
        raise ModelError(f"quantize={quantize!r} {needs}")
    import torch
    from transformers import BitsAndBytesConfig

    from t4s_lib.models import memory

    kept = memory.unquantized(memory.hollow(config))
    if quantize == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=kept)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=getattr(torch, dtype),
        llm_int8_skip_modules=kept,
    )


def _with_adapter(model: Any, folder: Path, train: bool) -> Any:
    from peft import PeftModel

    checkpoints.check_fit(model, folder)
    with warnings.catch_warnings():
        # peft asks transformers for something by a name that is about to change
        warnings.simplefilter("ignore", FutureWarning)
        return PeftModel.from_pretrained(model, folder, is_trainable=train)


def _device(device: str) -> Any:
    import torch

    if device != "auto":
        _check_choice("device", device.split(":")[0], ("auto", "cpu", "cuda", "mps"))
        if device.startswith("cuda") and not torch.cuda.is_available():
            raise ModelError(f"device is {device!r}, but torch finds no GPU")
        return torch.device(device)
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


def _dtype(dtype: str, config: Any, device: Any) -> str:
    if dtype != "auto":
        return dtype
    stored = str(config.dtype or "float32").removeprefix("torch.")
    if device.type == "cpu":
        return "float32"
    return stored if stored in DTYPES else "bfloat16"


def _check_choice(name: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value not in allowed:
        raise ModelError(
            f"{name} is {value!r}, expected one of {', '.join(map(str, allowed))}"
        )
