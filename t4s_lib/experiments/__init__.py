"""Experiments whose results a lesson shows: a question, many trainings, one record.

    t4s codecs learn --out DIR               trains, examines, writes DIR/results.json
    results = load_results()                 those that come with the library
    difference(results, "gaps", "row-rle")   estimate, low, high, in cIoU
    draw_learned(results)                    share of the ceiling against tokens
    draw_curves(results)                     share of the ceiling against minutes

``records`` describes the files, ``intervals`` what an interval covers.
"""

from t4s_lib.experiments.intervals import Estimate, difference
from t4s_lib.experiments.plots import (
    curves_alt,
    draw_curves,
    draw_learned,
    learned_alt,
)
from t4s_lib.experiments.records import load_results
from t4s_lib.experiments.results import Results
from t4s_lib.experiments.words import verdict

__all__ = [
    "Estimate",
    "Results",
    "curves_alt",
    "difference",
    "draw_curves",
    "draw_learned",
    "learned_alt",
    "load_results",
    "verdict",
]
