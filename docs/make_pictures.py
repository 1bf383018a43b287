"""Draws the README's picture: ``.venv/bin/python docs/make_pictures.py``."""

from pathlib import Path

from t4s_lib.course import plots
from t4s_lib.course.figures import png
from t4s_lib.sources import scenes

if __name__ == "__main__":
    sample = scenes(1, split="val", size=256)[0]
    target = Path(__file__).with_name("pipeline.png")
    target.write_bytes(png(plots.pipeline(sample)))
    print(target.name)
