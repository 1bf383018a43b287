"""Toys of the SAM family: real classes of transformers, random weights, 64 pixels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from t4s_lib.descriptor import DescriptorGrid

SIDE = 64
SMALL = {"hidden_size": 32, "mlp_dim": 32, "num_attention_heads": 2}
PROMPTS = {"hidden_size": 32, "image_size": SIDE, "patch_size": 16}


def _sam(hf: Any) -> Any:
    vision = hf.SamVisionConfig(
        hidden_size=16,
        output_channels=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=SIDE,
        window_size=2,
        global_attn_indexes=(0,),
        num_pos_feats=16,
        mlp_dim=16,
        initializer_range=0.02,
    )
    return hf.SamConfig(
        vision_config=vision.to_dict(),
        prompt_encoder_config=PROMPTS,
        mask_decoder_config=SMALL | {"iou_head_hidden_dim": 16},
    )


def _sam2(hf: Any) -> Any:
    backbone = hf.Sam2HieraDetConfig(
        hidden_size=8,
        image_size=[SIDE, SIDE],
        blocks_per_stage=[1, 1, 2, 1],
        embed_dim_per_stage=[8, 16, 32, 64],
        num_attention_heads_per_stage=[1, 1, 2, 2],
        window_size_per_stage=[4, 4, 2, 2],
        global_attention_blocks=[3],
        window_positional_embedding_background_size=[2, 2],
    )
    vision = hf.Sam2VisionConfig(
        backbone_config=backbone.to_dict(),
        backbone_channel_list=[64, 32, 16, 8],
        backbone_feature_sizes=[[16, 16], [8, 8], [4, 4]],
        fpn_hidden_size=32,
    )
    return hf.Sam2Config(
        vision_config=vision.to_dict(),
        prompt_encoder_config=PROMPTS,
        mask_decoder_config=SMALL | {"iou_head_hidden_dim": 16},
    )


def _sam3(hf: Any) -> Any:
    backbone = hf.Sam3ViTConfig(
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=SIDE,
        patch_size=16,
        window_size=2,
        global_attn_indexes=[0],
        pretrain_image_size=32,
    )
    vision = hf.Sam3VisionConfig(
        backbone_config=backbone.to_dict(),
        backbone_feature_sizes=[[16, 16], [8, 8], [4, 4]],
        scale_factors=[4.0, 2.0, 1.0],
        fpn_hidden_size=32,
    )
    return hf.Sam3TrackerConfig(
        vision_config=vision.to_dict(),
        prompt_encoder_config=PROMPTS,
        mask_decoder_config=SMALL | {"iou_head_hidden_dim": 16},
    )


_CONFIGS = {"sam": _sam, "sam2": _sam2, "sam3": _sam3}


@pytest.fixture(scope="session")
def toy_sam() -> Callable[[str], Any]:
    """Makes the toy of one name, the same each time."""
    hf = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    from t4s_lib.refine.sam_weights import FAMILIES

    def make(name: str) -> Any:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            built = getattr(hf, FAMILIES[name].model)(_CONFIGS[name](hf))
        return built.eval()

    return make


@pytest.fixture(scope="session")
def picture() -> Image.Image:
    """Wider than high, and noisy, 40 x 60 pixels."""
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    return Image.fromarray(noise)


@pytest.fixture
def grid() -> DescriptorGrid:
    """Two targets on a 4 x 4 grid."""
    ids = [[0, 1, 1, 0], [0, 1, 0, 0], [0, 0, 2, 2], [0, 0, 0, 2]]
    return DescriptorGrid(ids, ("others", "dog", "cat"))
