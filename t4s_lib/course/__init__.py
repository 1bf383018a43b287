"""What only the lessons use: checks, figures, widgets, profiles, and their runner.

A lesson imports the names below; importing this package needs the ``course`` extra.
"""

from t4s_lib.course import draw, plots, studies, tokens
from t4s_lib.course.checks import hint, solution
from t4s_lib.course.figures import new_figure, show, table
from t4s_lib.course.found_data import real_data
from t4s_lib.course.profiles import load
from t4s_lib.course.progress_check import check
from t4s_lib.course.progress_view import progress

__all__ = [
    "check",
    "draw",
    "hint",
    "load",
    "new_figure",
    "plots",
    "progress",
    "real_data",
    "show",
    "solution",
    "studies",
    "table",
    "tokens",
]
