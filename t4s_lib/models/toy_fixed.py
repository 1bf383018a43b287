"""Toys of the families that see one picture of one size."""

from __future__ import annotations

import torch
import transformers as hf

from t4s_lib.models.families import Family
from t4s_lib.models.toy_parts import (
    GRID,
    PATCH,
    SIDE,
    SIGLIP,
    SMALL,
    Parts,
    square,
    text,
    tokenizer,
)


def llava(_: Family) -> Parts:
    """LLaVA: a tower's last layer but one, its class token left out."""
    reader, seen = tokenizer(image_token="<image>"), "default"
    tower = {"image_size": SIDE, "patch_size": PATCH, "projection_dim": 32}
    config = hf.LlavaConfig(
        vision_config=hf.CLIPVisionConfig(**tower, **SMALL),
        text_config=hf.LlamaConfig(**text(reader)),
        image_token_index=reader.image_token_id,
        vision_feature_layer=-2,
        vision_feature_select_strategy=seen,
    )
    processor = hf.LlavaProcessor(
        image_processor=hf.CLIPImageProcessorPil(
            size={"shortest_edge": SIDE}, crop_size=square(SIDE)
        ),
        tokenizer=reader,
        patch_size=PATCH,
        vision_feature_select_strategy=seen,
        num_additional_image_tokens=1,
    )
    return hf.LlavaForConditionalGeneration(config), processor


def deepseek(_: Family) -> Parts:
    """DeepSeek-VL-1.3B."""
    reader = tokenizer(image_token="<image_placeholder>")
    config = hf.DeepseekVLConfig(
        vision_config=SIGLIP,
        text_config=hf.LlamaConfig(**text(reader)),
        image_token_id=reader.image_token_id,
    )
    processor = hf.DeepseekVLProcessor(
        image_processor=hf.DeepseekVLImageProcessorPil(size=square(SIDE)),
        tokenizer=reader,
        num_image_tokens=GRID * GRID,
    )
    return hf.DeepseekVLForConditionalGeneration(config), processor


def hybrid(_: Family) -> Parts:
    """DeepSeek-VL-7B: a coarse and a fine tower."""
    reader = tokenizer(image_token="<image_placeholder>")
    coarse, fine = 32, 128
    sam = {
        "model_type": "sam_vision_model",
        "hidden_size": 32,
        "output_channels": 16,
        "mlp_dim": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": fine,
        "patch_size": 32,
        "num_pos_feats": 8,
        "global_attn_indexes": [1],
        "window_size": 2,
    }
    config = hf.DeepseekVLHybridConfig(
        vision_config={**SIGLIP, "image_size": coarse, "patch_size": 8},
        high_res_vision_config=sam,
        text_config=hf.LlamaConfig(**text(reader)),
        image_token_id=reader.image_token_id,
    )
    processor = hf.DeepseekVLHybridProcessor(
        image_processor=hf.DeepseekVLHybridImageProcessorPil(
            size=square(coarse), high_res_size=square(fine)
        ),
        tokenizer=reader,
        num_image_tokens=GRID * GRID,
    )
    model = hf.DeepseekVLHybridForConditionalGeneration(config)
    # Drawn as zero, it would hide what the fine tower sees.
    torch.nn.init.ones_(model.model.high_res_vision_alpha)
    return model, processor


def gemma3(_: Family) -> Parts:
    """Gemma 3: the tower's tokens pooled."""
    reader = tokenizer(
        "<end_of_turn>",
        image_token="<image_soft_token>",
        boi_token="<start_of_image>",
        eoi_token="<end_of_image>",
    )
    kinds = ["sliding_attention", "full_attention"]
    language = text(reader, head_dim=16, sliding_window=64, layer_types=kinds)
    config = hf.Gemma3Config(
        vision_config={**SIGLIP, "image_size": 2 * SIDE, "vision_use_head": False},
        text_config=hf.Gemma3TextConfig(**language),
        mm_tokens_per_image=GRID * GRID,
        image_token_index=reader.image_token_id,
        boi_token_index=reader.boi_token_id,
        eoi_token_index=reader.eoi_token_id,
    )
    processor = hf.Gemma3Processor(
        image_processor=hf.Gemma3ImageProcessorPil(size=square(2 * SIDE)),
        tokenizer=reader,
        image_seq_length=GRID * GRID,
    )
    model = hf.Gemma3ForConditionalGeneration(config)
    # Drawn as zeros, it would show the language model nothing.
    projector = model.model.multi_modal_projector
    torch.nn.init.normal_(projector.mm_input_projection_weight, std=0.02)
    return model, processor


def paligemma(_: Family) -> Parts:
    """PaliGemma."""
    reader = tokenizer(image_token="<image>")
    images = hf.SiglipImageProcessorPil(size=square(SIDE))
    images.image_seq_length = GRID * GRID
    processor = hf.PaliGemmaProcessor(image_processor=images, tokenizer=reader)
    config = hf.PaliGemmaConfig(
        vision_config={**SIGLIP, "projection_dim": 64, "vision_use_head": False},
        text_config=hf.GemmaConfig(**text(reader, head_dim=16)),
        image_token_id=reader.image_token_id,
        projection_dim=64,
        hidden_size=64,
        pad_token_id=reader.pad_token_id,
        bos_token_id=reader.bos_token_id,
        eos_token_id=reader.eos_token_id,
    )
    return hf.PaliGemmaForConditionalGeneration(config), processor
