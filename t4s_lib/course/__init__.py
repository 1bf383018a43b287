"""What only the lessons use: checks, figures, widgets, profiles, and their runner.

A lesson imports the names below; importing this package needs the ``course`` extra.
"""

from t4s_lib.course.checks import check, hint, solution
from t4s_lib.course.figures import new_figure, show, table
from t4s_lib.course.profiles import Profile, load

__all__ = [
    "Profile",
    "check",
    "hint",
    "load",
    "new_figure",
    "show",
    "solution",
    "table",
]
