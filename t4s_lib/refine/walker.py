"""A random walker with a prior: chances spread between pixels, but not over edges.

For each target, the ``x`` that makes this sum least, one value a pixel:

    sum over neighbours i, j   w_ij (x_i - x_j)^2
  + sum over pixels i          trust (x_i - prior_i)^2
  + sum over cell centres i    hold (x_i - share_i)^2

where ``w_ij = exp(-contrast * unlikeness)``, see ``neighbour_weights``.

Source: Grady, "Random walks for image segmentation", PAMI 2006; with priors: Grady,
CVPR 2005.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from t4s_lib.refine.base import Floats

LEAST = 0.01
"""What is left of the pull between two pixels over the sharpest edge."""

EXACT = 1e-4
"""Residue of the linear system, as a part of its right side, that is good enough."""

STEPS = 80
"""Most steps of conjugate gradients."""

Index = tuple[NDArray[np.intp], ...]


def spread(
    prior: Floats,
    share: Floats,
    at: Index,
    colour: Floats,
    contrast: float,
    trust: float,
    hold: float,
) -> list[Floats]:
    """Let each target's chances spread within what has one colour.

    Args:
        prior: Float ``(targets, H, W)``.
        share: Float ``(targets, rows, cols)``: each cell's share.
        at: The pixels in the cells' centres, from ``numpy.ix_``.
        colour: Float ``(H, W, 3)``.
        contrast: See above.
        trust: See above.
        hold: See above.

    Returns:
        For each target, float ``(H, W)``.
    """
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import cg

    pull = np.full(colour.shape[:2], trust)
    pull[at] += hold
    system = _system(colour, contrast, pull)
    scale = diags_array(1 / system.diagonal())
    found = []
    for chance, cells in zip(prior, share, strict=True):
        wanted = trust * chance.astype(np.float64)
        wanted[at] += hold * cells
        start = chance.ravel().astype(np.float64)
        x, _ = cg(system, wanted.ravel(), start, rtol=EXACT, maxiter=STEPS, M=scale)
        found.append(x.reshape(pull.shape).astype(np.float32))
    return found


def _system(colour: Floats, contrast: float, pull: NDArray[np.float64]) -> Any:
    """The matrix: the graph's Laplacian and the pulls on its diagonal."""
    from scipy.sparse import csr_array

    pixels = np.arange(pull.size).reshape(pull.shape)
    across, along = neighbour_weights(colour, contrast)
    one = np.concatenate([pixels[:, :-1].ravel(), pixels[:-1].ravel()])
    two = np.concatenate([pixels[:, 1:].ravel(), pixels[1:].ravel()])
    weights = np.concatenate([across.ravel(), along.ravel()])
    middle = pull.ravel() + np.bincount(one, weights, pull.size)
    middle += np.bincount(two, weights, pull.size)
    values = np.concatenate([middle, -weights, -weights])
    rows = np.concatenate([pixels.ravel(), one, two])
    cols = np.concatenate([pixels.ravel(), two, one])
    return csr_array((values, (rows, cols)), shape=(pull.size, pull.size))


def neighbour_weights(
    colour: Floats, contrast: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How strongly neighbours pull on each other, 1 where they are alike.

    Args:
        colour: Float ``(H, W, 3)``.
        contrast: How much unlikeness counts. Unlikeness is the squared distance of
            two colours, 1 for the picture's mean.

    Returns:
        Between a pixel and the one to its right ``(H, W - 1)``, and the one below
        ``(H - 1, W)``.
    """
    steps = [np.square(np.diff(colour, axis=axis)).sum(axis=2) for axis in (1, 0)]
    usual = np.concatenate([step.ravel() for step in steps])
    mean = float(usual.mean()) if usual.size else 0.0
    rate = contrast / mean if mean > 0 else 0.0
    across, along = (np.exp(-rate * step.astype(np.float64)) + LEAST for step in steps)
    return across, along
