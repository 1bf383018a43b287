"""SAM as lessons show it: what it is told, and a toy of it with random weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from t4s_lib.grid import grid_to_mask, mask_to_grid

if TYPE_CHECKING:
    from t4s_lib.refine.sam import Sam
    from t4s_lib.sources import Sample

SIDE = 64
"""Of the toy's frame, in pixels."""

_WHOLE, _LOW = 1024, 256  # sides of SAM's frame, and of its mask prompts


class Told(NamedTuple):
    """What SAM is told about one picture, in its frame.

    Attributes:
        picture: uint8 ``(1024, 1024, 3)``, black in the padding.
        points: Float ``(n, 2)``, x and y.
        labels: Int ``(n,)``, 1 on the coarse mask and 0 off it.
        aligned: Logits ``(256, 256)`` that lie where the picture lies.
        stretched: Logits ``(256, 256)`` that fill the frame.
    """

    picture: NDArray[np.uint8]
    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    aligned: NDArray[np.float32]
    stretched: NDArray[np.float32]


def told(sample: Sample, size: int = 16, points: int = 10, seed: int = 42) -> Told:
    """The authors' prompts for a sample's true grid.

    Args:
        sample: Picture and true mask.
        size: Side of the grid.
        points: How many on the target, and how many off it.
        seed: Of the points.
    """
    from t4s_lib.refine.frames import Frame, stretched_prompt
    from t4s_lib.refine.plain import nearest_cells
    from t4s_lib.refine.sam_prompts import draw_points, to_logits

    height, width = sample.image.height, sample.image.width
    grid = mask_to_grid(sample.mask, size, sample.expression)
    frame = Frame((height, width), _WHOLE, _LOW, padded=True)
    coarse = grid_to_mask(grid, (height, width))
    at, labels = draw_points(coarse, points, np.random.default_rng(seed))
    seen = frame.pixels(sample.image, (0, 0, 0), (1, 1, 1))[0].numpy()
    logits = to_logits(grid.foreground)
    return Told(
        (seen.transpose(1, 2, 0) * 255).astype(np.uint8),
        frame.places(at).numpy(),
        labels,
        frame.prompt(nearest_cells(logits, (height, width)))[0, 0].numpy(),
        stretched_prompt(logits, _LOW)[0, 0].numpy(),
    )


def toy_sam(seed: int = 0, **recipe: Any) -> Sam:
    """A refiner that does all that SAM does, with a model that has learned nothing.

    Args:
        seed: Of the weights.
        recipe: See ``t4s_lib.refine.sam_prompts.Recipe``.
    """
    import torch
    from transformers import SamConfig, SamModel

    from t4s_lib.refine.sam import Sam
    from t4s_lib.refine.sam_prompts import Recipe
    from t4s_lib.refine.sam_weights import FAMILIES

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = SamModel(SamConfig(**_config()))
    return Sam(model.eval(), FAMILIES["sam"], Recipe.of(recipe))


def _config() -> dict[str, Any]:
    small = {"hidden_size": 32, "mlp_dim": 32, "num_attention_heads": 2}
    return {
        "vision_config": {
            "hidden_size": 16,
            "output_channels": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": SIDE,
            "window_size": 2,
            "global_attn_indexes": (0,),
            "num_pos_feats": 16,
            "mlp_dim": 16,
            "initializer_range": 0.02,
        },
        "prompt_encoder_config": {
            "hidden_size": 32,
            "image_size": SIDE,
            "patch_size": 16,
        },
        "mask_decoder_config": small | {"iou_head_hidden_dim": 16},
    }
