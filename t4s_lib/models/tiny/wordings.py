"""How the tiny base is asked, and the fixed words it answers with.

N and M are numbers, X is an expression. A question for a mask is answered with a
box, as by any model that has not learned Text4Seg.
"""

from __future__ import annotations

from t4s_lib.prompts import QUESTIONS

BOX = ("Give the box around X.", *QUESTIONS["partial"])
ROW = ("Write row N of X.", "What stands in row N, X or others?")
COLUMNS = ("Write X down the columns.", "Read the columns from left to right for X.")
WIDTHS = ("How many cells of X are in each row?", "Count X row by row.")
STARTS = ("In each row, how many cells stand before X?",)
NAME = ("What is in row N, column M?",)
COUNT = ("How many X are there?",)
EXISTS = ("Is there X in the image?", "Can you see X?")
ALONG = ("Which shapes stand in row N?", "Name what is in row N from left to right.")
FILL = ("Write the box N down the columns.",)
BLOCK = ("Write row M of the box N.",)
ABSENT = "There is no such shape."
WORDINGS = (
    *(*BOX, *ROW, *COLUMNS, *WIDTHS, *STARTS, *NAME, *COUNT, *EXISTS, *ALONG, *FILL),
    *(*BLOCK, ABSENT, "Yes, it is there. No, it is not.", "none, nothing, box"),
)
"""Every wording of the tasks, for the vocabulary."""
