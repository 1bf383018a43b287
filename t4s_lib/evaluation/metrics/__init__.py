"""Counts of one sample, what many add up to, and how sure the sum is.

``counts`` and ``class_counts`` look at masks and give whole numbers; ``reductions``
and ``semantic`` look at numbers alone and give fractions; ``bootstrap`` puts intervals
around them. One number of one name is counted in several ways in print:

    what            who counts how                                          key here
    --------------  ------------------------------------------------------  ----------
    RES             every (picture, sentence) pair once, one mask a pair.
      cIoU          all intersections over all unions: Text4Seg and most    cIoU
                    of its peers (LISA, GSVA, GLaMM, PixelLM, ...)
      mIoU          mean IoU of the pairs: PaliGemma, Florence-2,           gIoU
                    ContourVLA; not the mIoU of classes
    GRES            pairs without a target count too.
      gIoU          mean IoU; empty on empty is 1, one empty is 0:          gIoU
                    ReLA (GRES), Text4Seg and peers
      cIoU          a mask drawn for no target adds to the unions           cIoU
      N-acc, T-acc  empty where it should be; drawn where it should be:     n_acc,
                    ReLA, GSVA, MLLMSeg; Text4Seg reports neither           t_acc
    REC             one box a pair.
      Acc@0.5       detectors and box-writing models: against the box       acc_50_
                    that people drew                                        annotated
                    Text4Seg: box of the mask against box of the true       acc_50_
                    mask, both from min to max, IoU above .5                parity
                    the same with whole pixels, IoU of .5 or more           acc_50
    Open vocabulary classes 20, 59, 150 over a whole split.
      mIoU          the field: background and void left out                 mIoU
                    Text4Seg's script: 21, 60, 151 classes, the free        mIoU_
                    background class in the mean                            parity
    Reasoning       ReasonSeg: gIoU and cIoU as in GRES, ignored pixels     gIoU, cIoU
                    left out of both

Figures of two rows of this table are never comparable; ``published`` keeps them apart.
"""

from t4s_lib.evaluation.metrics.bootstrap import (
    Interval,
    interval,
    paired_difference,
)
from t4s_lib.evaluation.metrics.boxes import box_iou, edges_of, pixel_box
from t4s_lib.evaluation.metrics.class_counts import ClassCounts, count_classes
from t4s_lib.evaluation.metrics.counts import Counts, count, emptied
from t4s_lib.evaluation.metrics.reductions import (
    Scores,
    reduce_totals,
    scores,
    tally,
)
from t4s_lib.evaluation.metrics.semantic import class_ious, semantic_scores

__all__ = [
    "ClassCounts",
    "Counts",
    "Interval",
    "Scores",
    "box_iou",
    "class_ious",
    "count",
    "count_classes",
    "edges_of",
    "emptied",
    "interval",
    "paired_difference",
    "pixel_box",
    "reduce_totals",
    "scores",
    "semantic_scores",
    "tally",
]
