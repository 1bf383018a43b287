"""The widgets of the lessons: for each a pure ``render_x`` and a ``build_x``.

    Grid explorer   lesson 01   turn the grid's size and rule, see what survives
    Mask painter    lesson 01   paint cells, read their text
    Break it        lesson 02   edit the text, watch two decoders read it
    LoRA budget     lesson 03   rank and place, parameters, memory, which GPU
    Training scrubber  lesson 03  go back in a training, see its masks grow
    Token player    lesson 04   an answer as it grows, and who chose each token
    Refiner bench   lesson 05   choose a refiner and turn its knobs, read the IoU
    Metric duel     lesson 06   two models, their errors, who wins by which metric
    Prediction browser  lesson 06  step through a run's predictions, filtered
    Codec bench     lesson 07   choose a codec, see what each line of its text draws

Every widget works by keyboard, says its state as text, and is preceded in its lesson
by a figure that makes the point without it.
"""

from t4s_lib.course.widgets.break_it import build_break_it
from t4s_lib.course.widgets.codec_bench import build_codec_bench
from t4s_lib.course.widgets.grid_explorer import build_grid_explorer
from t4s_lib.course.widgets.lora_budget import build_lora_budget
from t4s_lib.course.widgets.mask_painter import MaskPainter
from t4s_lib.course.widgets.metric_duel import build_metric_duel
from t4s_lib.course.widgets.painter_desk import build_mask_painter
from t4s_lib.course.widgets.prediction_browser import build_prediction_browser
from t4s_lib.course.widgets.refiner_bench import build_refiner_bench
from t4s_lib.course.widgets.token_player import build_token_player
from t4s_lib.course.widgets.training_scrubber import build_training_scrubber

__all__ = [
    "MaskPainter",
    "build_break_it",
    "build_codec_bench",
    "build_grid_explorer",
    "build_lora_budget",
    "build_mask_painter",
    "build_metric_duel",
    "build_prediction_browser",
    "build_refiner_bench",
    "build_token_player",
    "build_training_scrubber",
]
