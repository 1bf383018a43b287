"""Instances of scenes and COCO: each apart, together the mask; what grids keep."""

from __future__ import annotations

import os

import numpy as np
import pytest

pytest.importorskip("scipy")

from t4s_lib.evaluation.instances import instance_ceiling
from t4s_lib.instances import instances_in
from t4s_lib.sources import DataError, instance_scenes, open_benchmark, scenes
from t4s_lib.training.rows import true_grid


def test_each_shape_of_a_kind_has_a_mask() -> None:
    for sample in instance_scenes(30, "val", seed=4, size=(48, 80)):
        apart, kind = sample.extra["instances"], sample.extra["each"]
        assert sample.expression == f"each {kind}"
        assert len(apart) == len(sample.labels) >= 2
        assert np.array_equal(np.sum(apart, axis=0), sample.mask.astype(int))
        objects = sample.extra["objects"]
        meant = [objects[k] for k in sample.extra["targets"]]
        assert all(kind in (o.shape, o.name, f"{o.colour} shape") for o in meant)
        names = [one.name for one in instances_in(true_grid(sample), kind)]
        assert tuple(names) == sample.labels


def test_the_benchmark_is_that_of_plurals() -> None:
    one = open_benchmark("scenes:instances:val", n=3)
    two = scenes(3, "val", kinds=["plural"])
    for each, plural in zip(one, two, strict=True):
        assert each.source.startswith("scenes:instances:val#")
        assert np.array_equal(each.mask, plural.mask)
        assert np.array_equal(np.asarray(each.image), np.asarray(plural.image))
    with pytest.raises(DataError, match="unknown kind of expression 'class'"):
        instance_scenes(1, kinds=["class"])


def test_numbers_keep_apart_what_connected_parts_join() -> None:
    samples = instance_scenes(40, "val")
    coarse, fine = instance_ceiling(samples, 16), instance_ceiling(samples, 32)
    assert coarse["numbered"]["count_accuracy"] == 1
    assert coarse["connected"]["count_accuracy"] < 0.7
    assert coarse["numbered"]["PQ"] > coarse["connected"]["PQ"] + 0.1
    assert fine["numbered"]["PQ"] > coarse["numbered"]["PQ"]
    whole = instance_ceiling(samples, 64)["numbered"]
    assert whole["PQ"] == pytest.approx(1)


def test_real_instances_survive_where_cells_are_kept() -> None:
    root = os.environ.get("T4S_DATA")
    if not root:
        pytest.skip("T4S_DATA is not set: no real COCO to read")
    found = open_benchmark("coco:instances:val", root)
    samples = [s for s in found if len(s.extra["ann_ids"]) > 1][:12]
    for sample in samples:
        assert len(sample.extra["instances"]) == len(sample.extra["ann_ids"])
        assert np.array_equal(np.any(sample.extra["instances"], axis=0), sample.mask)
    kept = instance_ceiling(samples, 16)["numbered"]["count_accuracy"]
    assert kept > instance_ceiling(samples, 16, "nearest")["numbered"]["count_accuracy"]
