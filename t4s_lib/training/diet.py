"""What keeps the tiny base's other skills alive while it learns to write masks.

A recipe mixes it in as ``scenes:tasks:train``: rows that ask what the base was
pretrained on (naming, counting, boxes, single rows; ``models.tiny.tasks``).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from t4s_lib.sources.base import Sample
from t4s_lib.training.rows import Row, exchange

VARIANT = "tasks"
"""The middle of the benchmark's name."""


def task_row(
    sample: Sample,
    turn: int,
    tasks: Sequence[str] | None = None,
    side: int | None = None,
) -> Row:
    """A question of the base's about a synthetic scene, with its answer.

    Args:
        sample: A sample of ``scenes``.
        turn: The number of the pass; another asks something else.
        tasks: Names of the tasks to draw from; all of ``TASKS`` for None.
        side: Stretch the picture to a square of this side, in pixels.

    Raises:
        ValueError: For an unknown task.
    """
    from t4s_lib.models.tiny.tasks import SIDE, TASKS, Look
    from t4s_lib.models.tiny.tasks import exchange as ask_task
    from t4s_lib.sources.scene_expressions import Phrase
    from t4s_lib.sources.scene_views import view

    rng = random.Random(f"{sample.source}/{turn}/task")
    task = rng.choice(list(tasks or TASKS))
    if task not in TASKS:
        raise ValueError(f"task is {task!r}, expected one of {', '.join(TASKS)}")
    pixels = sample.image.size[0]
    step = pixels // SIDE
    scene = sample.extra["scene"]
    ids = scene.instances((pixels, pixels))[step // 2 :: step, step // 2 :: step]
    phrase = Phrase(sample.expression, tuple(sample.extra["targets"]))
    asked = ask_task(task, rng, Look(view(scene), ids), phrase)
    return exchange(sample.image, asked.question, asked.answer, side)
