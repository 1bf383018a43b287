"""Figures and page say what the numbers say, and to everyone."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from t4s_lib.experiments import curves_alt, draw_curves, draw_learned, learned_alt
from t4s_lib.experiments.intervals import share_of_ceiling
from t4s_lib.experiments.page import render_page, write_page
from tests.experiments.toys import SEEDS, TOKENS, toy_results


def _points(line: Line2D) -> NDArray[np.float64]:
    """Where a line's marks are, ``(marks, 2)``."""
    return np.asarray(line.get_xydata())


def test_each_codec_stands_at_its_tokens_and_its_share() -> None:
    results = toy_results()
    (ax,) = draw_learned(results).axes
    bars: list[Any] = list(ax.containers)
    for bar, (codec, grid) in zip(bars, results.groups, strict=True):
        mark = bar.lines[0]
        share = share_of_ceiling(results, codec, grid)
        assert mark.get_xdata()[0] == TOKENS[codec]
        assert mark.get_ydata()[0] == pytest.approx(share.estimate)
        (ends,) = bar.lines[2][0].get_segments()
        assert ends[:, 1].tolist() == pytest.approx([share.low, share.high])
        (seeds,) = [
            line
            for line in ax.lines
            if line.get_markersize() == 4 and line.get_marker() == mark.get_marker()
        ]
        expected = [results.norm(arm) for arm in results.of(codec, grid)]
        assert _points(seeds)[:, 1].tolist() == pytest.approx(expected)
    marks = [bar.lines[0].get_marker() for bar in bars]
    assert len(set(marks)) == len(marks)  # never by colour alone
    assert "tokens" in ax.get_xlabel()


def test_a_line_a_model_that_was_looked_at_and_an_end_for_the_others() -> None:
    results = toy_results()
    (ax,) = draw_curves(results).axes
    lines = {str(line.get_label()): line for line in ax.lines}
    assert len(lines) == sum(SEEDS.values())
    assert len(_points(lines["spans, seed 0"])) == 4
    assert lines["spans, seed 0"].get_linestyle() != "None"
    assert _points(lines["spans, seed 1: end"])[:, 0].tolist() == [8]
    assert _points(lines["full, seed 0"])[:, 1].max() < 0.6


def test_words_hold_the_numbers() -> None:
    results = toy_results()
    share = share_of_ceiling(results, "full", 16)
    assert f"full 540 tokens, {share.estimate:.1%} ({share.low:.1%}" in learned_alt(
        results
    )
    assert "spans seed 1 ended at" in curves_alt(results)
    assert learned_alt(results).startswith("Made-up numbers.")
    assert not learned_alt(replace(results, toy=False)).startswith("Made-up")


def test_a_model_that_was_never_evaluated_leaves_an_empty_figure() -> None:
    toy = toy_results()
    arms = (replace(a, training=replace(a.training, curve=())) for a in toy.arms)
    blind = replace(toy, arms=tuple(arms))
    assert not draw_curves(blind).axes[0].lines
    assert "no model was evaluated on its way" in curves_alt(blind)


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.alts: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.alts.append(given.get("alt") or "")
        self.links += [str(given[key]) for key in ("src", "href") if key in given]


def test_the_page_holds_everything_and_asks_no_server(tmp_path: Path) -> None:
    results = toy_results()
    write_page(results, tmp_path / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = _Page(text)
    assert page.alts == [learned_alt(results), curves_alt(results)]
    assert all(link.startswith("data:") for link in page.links)
    for codec in TOKENS:
        assert text.count(f'<th scope="row">{codec}</th>') == 2 + SEEDS[codec]
    assert "Made-up numbers." in text
    assert "does not cover the training" in text
    assert "none: made up" in text  # the machine
    assert "recipe.minutes" in text


def test_the_page_answers_the_question_as_the_numbers_do() -> None:
    results = toy_results()
    assert "not shown to be worse than row-rle: spans, box." in render_page(results)
    lost = [replace(arm, codec="spans") for arm in results.of("full", 16)]
    lost = [replace(arm, true_tokens=27.0) for arm in lost]
    worse = replace(results, arms=(*results.of("row-rle", 16), *lost))
    assert "The shortest texts cost accuracy here: spans." in render_page(worse)
    alone = replace(results, arms=results.of("row-rle", 16))
    assert "No codec that was learned here is 90%" in render_page(alone)
