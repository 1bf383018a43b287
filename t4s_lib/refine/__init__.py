"""From cells to pixels, better than blocks: bilinear, edge-aware, SAM."""

from t4s_lib.refine.base import Refiner, keep_all, shares
from t4s_lib.refine.registry import REFINERS, refiner

__all__ = ["REFINERS", "Refiner", "keep_all", "refiner", "shares"]
