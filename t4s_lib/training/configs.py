"""The sizes of real backbones, as their checkpoints' ``config.json`` gives them.

Explicit, because transformers' defaults are not always the size one thinks of:
``Qwen2VLConfig()`` has 73 billion parameters. The totals that follow from them are
the published ones.
"""

from __future__ import annotations

from typing import Any

_CLIP = {
    "model_type": "clip_vision_model",
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
}
_SIGLIP_L = {
    **_CLIP,
    "model_type": "siglip_vision_model",
    "image_size": 384,
    "patch_size": 16,
    "vision_use_head": False,
}
_SIGLIP_400M = {
    "model_type": "siglip_vision_model",
    "hidden_size": 1152,
    "intermediate_size": 4304,
    "num_hidden_layers": 27,
    "num_attention_heads": 16,
    "patch_size": 14,
    "vision_use_head": False,
}
_QWEN2_VISION = {"depth": 32, "embed_dim": 1280, "num_heads": 16, "patch_size": 14}
_QWEN25_VISION = {
    "depth": 32,
    "hidden_size": 1280,
    "intermediate_size": 3420,
    "num_heads": 16,
    "patch_size": 14,
}


def _text(
    kind: str | None, width: int, inner: int, layers: int, heads: int, vocab: int,
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    named = {"model_type": kind} if kind else {}
    sizes = {
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": heads,
        "vocab_size": vocab,
        "tie_word_embeddings": False,
    }
    return {**named, **sizes, **more}


_QWEN2_7B = _text(None, 3584, 18944, 28, 28, 152064, num_key_value_heads=4)
_TIED = {"tie_word_embeddings": True}

CONFIGS: dict[str, dict[str, Any]] = {
    "llava-hf/llava-1.5-7b-hf": {
        "model_type": "llava",
        "vision_config": _CLIP,
        "text_config": _text("llama", 4096, 11008, 32, 32, 32064),
    },
    "llava-hf/llava-1.5-13b-hf": {
        "model_type": "llava",
        "vision_config": _CLIP,
        "text_config": _text("llama", 5120, 13824, 40, 40, 32064),
    },
    "deepseek-community/deepseek-vl-1.3b-chat": {
        "model_type": "deepseek_vl",
        "vision_config": _SIGLIP_L,
        "text_config": _text("llama", 2048, 5504, 24, 16, 102400),
        "tie_word_embeddings": False,
    },
    "deepseek-community/deepseek-vl-7b-chat": {
        "model_type": "deepseek_vl_hybrid",
        "vision_config": _SIGLIP_L,
        "text_config": _text("llama", 4096, 11008, 30, 32, 102400),
        "tie_word_embeddings": False,
    },
    "Qwen/Qwen2-VL-7B-Instruct": {
        "model_type": "qwen2_vl",
        "vision_config": {**_QWEN2_VISION, "hidden_size": 3584, "mlp_ratio": 4},
        "text_config": _QWEN2_7B,
    },
    "Qwen/Qwen2.5-VL-3B-Instruct": {
        "model_type": "qwen2_5_vl",
        "vision_config": {**_QWEN25_VISION, "out_hidden_size": 2048},
        "text_config": _text(
            None, 2048, 11008, 36, 16, 151936, num_key_value_heads=2, **_TIED
        ),
        **_TIED,
    },
    "Qwen/Qwen2.5-VL-7B-Instruct": {
        "model_type": "qwen2_5_vl",
        "vision_config": {**_QWEN25_VISION, "out_hidden_size": 3584},
        "text_config": _QWEN2_7B,
    },
    "Qwen/Qwen3-VL-8B-Instruct": {
        "model_type": "qwen3_vl",
        "vision_config": {
            "depth": 27,
            "hidden_size": 1152,
            "intermediate_size": 4304,
            "num_heads": 16,
            "out_hidden_size": 4096,
            "patch_size": 16,
        },
        "text_config": _text(
            None, 4096, 12288, 36, 32, 151936, num_key_value_heads=8, head_dim=128
        ),
    },
    "OpenGVLab/InternVL3-8B-hf": {
        "model_type": "internvl",
        "vision_config": {
            "hidden_size": 1024,
            "intermediate_size": 4096,
            "num_hidden_layers": 24,
            "num_attention_heads": 16,
            "image_size": [448, 448],
            "patch_size": [14, 14],
        },
        "text_config": {**_QWEN2_7B, "model_type": "qwen2", "vocab_size": 151674},
        "tie_word_embeddings": False,
    },
    "google/gemma-3-4b-it": {
        "model_type": "gemma3",
        "vision_config": {**_SIGLIP_400M, "image_size": 896},
        "text_config": _text(
            "gemma3_text", 2560, 10240, 34, 8, 262208,
            num_key_value_heads=4, head_dim=256, **_TIED,
        ),
    },
    "google/paligemma-3b-pt-224": {
        "model_type": "paligemma",
        "vision_config": {**_SIGLIP_400M, "image_size": 224, "projection_dim": 2048},
        "text_config": _text(
            "gemma", 2048, 16384, 18, 8, 257216,
            num_key_value_heads=1, head_dim=256, **_TIED,
        ),
        "projection_dim": 2048,
    },
}  # fmt: skip
"""Hub id to the sizes of the checkpoint of that name."""
