"""Where samples come from: each source yields ``Sample`` values, lazily.

``open_benchmark`` opens any by its name. ``scenes`` needs nothing but this package; the
others read real data that you have.
"""

from t4s_lib.sources.base import BoolMask, Sample
from t4s_lib.sources.benchmark import Benchmark, parse_benchmark
from t4s_lib.sources.coco_instances import has_image
from t4s_lib.sources.coco_masks import segmentation_mask
from t4s_lib.sources.errors import DataError, MissingFileError
from t4s_lib.sources.label_pictures import VOID
from t4s_lib.sources.lazy import LazySamples
from t4s_lib.sources.opening import BENCHMARKS, SampleSet, open_benchmark
from t4s_lib.sources.refer_samples import refer
from t4s_lib.sources.scene_expressions import KINDS, REFERRING
from t4s_lib.sources.scene_layout import HELD_OUT_PAIRS, Scene, make_scene
from t4s_lib.sources.scene_paint import COLOURS
from t4s_lib.sources.scene_reasoning import REASONS
from t4s_lib.sources.scene_samples import SPLITS, scenes
from t4s_lib.sources.scene_shapes import SHAPES, SceneObject
from t4s_lib.sources.scene_variants import instance_scenes, reasoning_scenes

__all__ = [
    "BENCHMARKS",
    "COLOURS",
    "HELD_OUT_PAIRS",
    "KINDS",
    "REASONS",
    "REFERRING",
    "SHAPES",
    "SPLITS",
    "VOID",
    "Benchmark",
    "BoolMask",
    "DataError",
    "LazySamples",
    "MissingFileError",
    "Sample",
    "SampleSet",
    "Scene",
    "SceneObject",
    "has_image",
    "instance_scenes",
    "make_scene",
    "open_benchmark",
    "parse_benchmark",
    "reasoning_scenes",
    "refer",
    "scenes",
    "segmentation_mask",
]
