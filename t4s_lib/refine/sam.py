r"""SAM, SAM 2 and SAM 3 as refiners, with the authors' recipe.

    points = 10 pixels inside the coarse mask, 10 outside, drawn from a seed
    logits = the cells, +-ln 999
    three times: logits = model(picture, points, logits)
    mask   = logits > 0

A picture is encoded once, however many targets and expressions ask about it.

Source: the authors' ``text4seg/utils.py`` and ``infer_refer_seg.py``.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from torch import Tensor

from t4s_lib.descriptor import BoolMask, DescriptorGrid
from t4s_lib.refine.base import Floats, Ids, shares
from t4s_lib.refine.frames import Frame, stretched_prompt
from t4s_lib.refine.plain import nearest_cells
from t4s_lib.refine.sam_prompts import Recipe, box_of, draw_points, to_logits
from t4s_lib.refine.sam_weights import FAMILIES, Family, load_model

KEPT = 4
"""How many pictures stay encoded."""


class Sam:
    """A frozen model of the SAM family that redraws a coarse mask.

    Args:
        model: ``SamModel``, ``Sam2Model`` or ``Sam3TrackerModel`` of transformers.
        family: Which of ``FAMILIES`` it is.
        recipe: How it is asked.
    """

    def __init__(
        self, model: Any, family: Family, recipe: Recipe | None = None
    ) -> None:
        self.model = model
        self.family = family
        self.recipe = recipe or Recipe()
        self._encoded: OrderedDict[bytes, Any] = OrderedDict()

    def refine(
        self, grid: DescriptorGrid, image: Image.Image, soft: ArrayLike | None = None
    ) -> Ids:
        """Redraw each target; where two overlap the later label wins.

        An empty grid stays empty, and the model is not asked. ``soft`` takes the
        place of the cells in the mask prompt. See ``Refiner.refine``.
        """
        share = shares(grid, soft)
        ids = np.zeros((image.height, image.width), dtype=np.int32)
        if not grid.foreground.any():
            return ids
        key = _digest(image)
        for k in np.unique(grid.ids[grid.foreground]):
            coarse = nearest_cells(grid.ids == k, ids.shape)
            if coarse.any():  # not where cells are smaller than a pixel
                draw = self._draw(key, grid.ids == k)
                ids[self._target(key, image, coarse, share[k], draw)] = k
        return ids

    def _target(
        self,
        key: bytes,
        image: Image.Image,
        coarse: BoolMask,
        share: Floats,
        draw: np.random.Generator,
    ) -> BoolMask:
        """One target, bool ``(H, W)``."""
        frame = self.frame(image)
        prompts = self._prompts(frame, coarse, draw)
        mask = self._mask_prompt(frame, to_logits(share))
        with torch.inference_mode():
            found = self._ask(self._embedding(key, frame, image), prompts, mask)
            return np.asarray((frame.back(found) > 0).cpu().numpy(), dtype=bool)

    def frame(self, image: Image.Image) -> Frame:
        """Where the model sees this picture."""
        side = int(self.model.config.prompt_encoder_config.image_size)
        patch = int(self.model.config.prompt_encoder_config.patch_size)
        size = image.height, image.width
        return Frame(size, side, 4 * side // patch, self.family.padded)

    def _ask(self, embedding: Any, prompts: dict[str, Tensor], mask: Tensor) -> Tensor:
        """The last answer's logits, ``(1, 1, low, low)``."""
        for _ in range(self.recipe.passes):
            answer = self.model(
                image_embeddings=embedding,
                input_masks=mask,
                multimask_output=False,
                **prompts,
            )
            low = answer.pred_masks[:, 0]
            bound = self.family.bound
            mask = low if bound is None else low.clamp(-bound, bound)
        return low

    def _prompts(
        self, frame: Frame, coarse: BoolMask, draw: np.random.Generator
    ) -> dict[str, Tensor]:
        """Points, their labels and the box, in the frame."""
        points, labels = draw_points(coarse, self.recipe.points, draw)
        device = self.model.device
        prompts = {
            "input_points": frame.places(points)[None, None].to(device),
            "input_labels": torch.from_numpy(labels)[None, None].to(device),
        }
        if self.recipe.box:
            corners = frame.places(box_of(coarse)).reshape(1, 1, 4)
            prompts["input_boxes"] = corners.to(device)
        return prompts

    def _mask_prompt(self, frame: Frame, logits: NDArray[np.float32]) -> Tensor:
        if self.recipe.geometry == "stretched":
            prompt = stretched_prompt(logits, frame.low)
        else:
            prompt = frame.prompt(nearest_cells(logits, frame.size))
        return prompt.to(self.model.device)

    def _draw(self, key: bytes, cells: BoolMask) -> np.random.Generator:
        """Chance that depends on seed, picture and cells, and on nothing else."""
        told = hashlib.blake2b(key + cells.tobytes(), digest_size=8)
        return np.random.default_rng([self.recipe.seed, int.from_bytes(told.digest())])

    def _embedding(self, key: bytes, frame: Frame, image: Image.Image) -> Any:
        """The encoded picture; the last few are kept."""
        if key not in self._encoded:
            pixels = frame.pixels(image, *self.family.colours).to(self.model.device)
            self._encoded[key] = self.model.get_image_embeddings(pixels)
        self._encoded.move_to_end(key)
        while len(self._encoded) > KEPT:
            self._encoded.popitem(last=False)
        return self._encoded[key]


def load_sam(
    name: str = "sam",
    weights: str | Path | None = None,
    device: str = "auto",
    **recipe: Any,
) -> Sam:
    """A refiner of the SAM family, with its weights.

    Args:
        name: ``sam``, ``sam2`` or ``sam3``.
        weights: A folder or a Hub id; by default the family's, see ``FAMILIES``.
        device: ``"auto"`` takes the GPU where there is one.
        recipe: See ``Recipe``.

    Raises:
        ValueError: If the weights cannot be had, or the recipe is not one.
    """
    family, how = FAMILIES[name], Recipe.of(recipe)
    return Sam(load_model(family, weights or family.weights, device), family, how)


def _digest(image: Image.Image) -> bytes:
    """What tells a picture from another: its size and pixels."""
    size = f"{image.mode} {image.size} ".encode()
    return hashlib.blake2b(size + image.tobytes(), digest_size=16).digest()
