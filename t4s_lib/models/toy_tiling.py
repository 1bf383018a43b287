"""Toys of the families that would cut a picture in tiles, or see any size."""

from __future__ import annotations

from typing import Any

import transformers as hf

from t4s_lib.models.families import Family
from t4s_lib.models.novideo import NoVideoProcessor
from t4s_lib.models.toy_parts import (
    GRID,
    PATCH,
    SIDE,
    SMALL,
    Parts,
    square,
    text,
    tokenizer,
)

_QWEN_VISION: dict[str, dict[str, Any]] = {
    "qwen2_vl": {"embed_dim": 32, "hidden_size": 64, "mlp_ratio": 2},
    "qwen2_5_vl": {
        "hidden_size": 32,
        "out_hidden_size": 64,
        "intermediate_size": 64,
        "window_size": 56,
        "fullatt_block_indexes": [1],
    },
    "qwen3_vl": {
        "hidden_size": 32,
        "out_hidden_size": 64,
        "intermediate_size": 64,
        "num_position_embeddings": 16,
        "deepstack_visual_indexes": [0],
    },
}


def qwen(family: Family) -> Parts:
    """Qwen2-VL, Qwen2.5-VL or Qwen3-VL."""
    stem = {"qwen2_vl": "Qwen2VL", "qwen2_5_vl": "Qwen2_5_VL", "qwen3_vl": "Qwen3VL"}
    kind, is_third = stem[family.name], family.name == "qwen3_vl"
    reader = tokenizer(
        "<|im_end|>",
        image_token="<|image_pad|>",
        video_token="<|video_pad|>",
        vision_start_token="<|vision_start|>",
        vision_end_token="<|vision_end|>",
    )
    patch, sections = (16, [2, 3, 3]) if is_third else (14, [2, 3, 3])
    rope = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": sections}
    if is_third:
        rope["mrope_interleaved"] = True
    config = getattr(hf, f"{kind}Config")(
        text_config=text(reader, rope_parameters=rope),
        vision_config={
            "depth": 2,
            "num_heads": 4,
            "patch_size": patch,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            **_QWEN_VISION[family.name],
        },
        image_token_id=reader.image_token_id,
        video_token_id=reader.video_token_id,
        vision_start_token_id=reader.vision_start_token_id,
        vision_end_token_id=reader.vision_end_token_id,
        tie_word_embeddings=False,
    )
    pixels = (GRID * 2 * patch) ** 2
    images = hf.Qwen2VLImageProcessorPil(
        patch_size=patch,
        merge_size=2,
        size={"shortest_edge": pixels, "longest_edge": pixels},
    )
    processor = getattr(hf, f"{kind}Processor")(
        image_processor=images, tokenizer=reader, video_processor=NoVideoProcessor()
    )
    return getattr(hf, f"{kind}ForConditionalGeneration")(config), processor


def internvl(_: Family) -> Parts:
    """InternVL."""
    reader = tokenizer(
        "<|im_end|>",
        start_image_token="<img>",
        end_image_token="</img>",
        context_image_token="<IMG_CONTEXT>",
        video_token="<video>",
    )
    side = 2 * SIDE
    tower = {"image_size": [side, side], "patch_size": [PATCH, PATCH]}
    config = hf.InternVLConfig(
        vision_config={**tower, **SMALL, "norm_type": "layer_norm"},
        text_config=hf.Qwen2Config(**text(reader)),
        image_token_id=reader.context_image_token_id,
        image_seq_length=GRID * GRID,
        downsample_ratio=0.5,
        vision_feature_layer=-1,
    )
    processor = hf.InternVLProcessor(
        image_processor=hf.GotOcr2ImageProcessorPil(
            size=square(side), crop_to_patches=True, min_patches=1, max_patches=4
        ),
        tokenizer=reader,
        video_processor=NoVideoProcessor(),
        image_seq_length=GRID * GRID,
    )
    return hf.InternVLForConditionalGeneration(config), processor


def idefics(family: Family) -> Parts:
    """Idefics3 or SmolVLM."""
    kind = "SmolVLM" if family.name == "smolvlm" else "Idefics3"
    reader = tokenizer(
        "<end_of_utterance>",
        image_token="<image>",
        fake_image_token="<fake_token_around_image>",
        global_image_token="<global-img>",
        end_of_utterance_token="<end_of_utterance>",
    )
    side = 2 * SIDE
    config = getattr(hf, f"{kind}Config")(
        vision_config={**SMALL, "image_size": side, "patch_size": PATCH},
        text_config=hf.LlamaConfig(**text(reader)),
        image_token_id=reader.image_token_id,
        scale_factor=2,
        pad_token_id=reader.pad_token_id,
        tie_word_embeddings=False,
    )
    images = getattr(hf, f"{kind}ImageProcessorPil")(
        size={"longest_edge": 2 * side}, max_image_size={"longest_edge": side}
    )
    video = {"video_processor": NoVideoProcessor()} if kind == "SmolVLM" else {}
    processor = getattr(hf, f"{kind}Processor")(
        image_processor=images, tokenizer=reader, image_seq_len=GRID * GRID, **video
    )
    return getattr(hf, f"{kind}ForConditionalGeneration")(config), processor
