"""``page.html``: an experiment on one page that asks no server for anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from t4s_lib.evaluation.report_page import STYLE
from t4s_lib.experiments.arms import flat
from t4s_lib.experiments.intervals import difference, mean_ciou, share_of_ceiling
from t4s_lib.experiments.plots import (
    curves_alt,
    draw_curves,
    draw_learned,
    learned_alt,
)
from t4s_lib.experiments.results import BASELINE, Results
from t4s_lib.experiments.words import GOAL, reaches_goal, saved, verdict
from t4s_lib.html_page import html_page
from t4s_lib.whole_files import write_whole

_SCORES = (
    "codec", "grid", "seeds", "tokens a mask", "cIoU", "of the ceiling (95 %)",
    f"cIoU against {BASELINE} (95 %)", "unreadable", "no-target right",
)  # fmt: skip
_COSTS = (
    "codec", "grid", "tokens a mask", "as written", "fewer than full", "ms an answer",
    "steps", "samples", "million tokens",
)  # fmt: skip
_MODELS = (
    "codec", "grid", "seed", "cIoU", "of the ceiling", "steps", "samples", "seconds",
    "processes", "looked at", "not by the recipe",
)  # fmt: skip

_BODY = """<main>
<h1>What a model makes of each codec</h1>
<p class="lead">{lead}</p>
{verdicts}
<h2>What it is worth</h2>
<p>Means over seeds. {n} held-out scenes, the same for every model; cells are drawn
back by bilinear interpolation. Tokens are those of the true mask's text, by the model's
tokenizer. An answer in which nothing can be read is an empty mask.</p>
{scores}
<h2>What it takes</h2>
<p>Milliseconds are of the processor, with 64 answers at once. Steps, samples and
tokens are of a training; all trainings had the same minutes.</p>
{costs}
<h2>Accuracy against length</h2>
<figure>{learned}</figure>
<h2>On the way</h2>
<figure>{curves}</figure>
<h2>Every model</h2>
<p>How often a model was looked at, on few scenes, is part of its minutes. In what is
named last it was not trained by the recipe at the foot of this page.</p>
{arms}
<h2>What the intervals say, and what they do not</h2>
<p>Scenes are drawn 2,000 times from themselves, with replacement, for both codecs of a
difference together; with several seeds each draw's figure is the mean of theirs. So an
interval covers which scenes happened to be asked. It does not cover the training:
another seed, or more minutes, gives another model, and the table of every model shows
how far apart seeds come out. Two or three seeds say little about a fourth. All models
had the same minutes, not the same number of samples: of shorter texts, a model sees
more in the same time.</p>
<h2>Where the numbers are from</h2>
{facts}
</main>"""

_MORE = """.learned td, .learned th[scope=row] { white-space: nowrap; }
figure img { max-width: 52rem; }"""


def write_page(results: Results, path: Path) -> None:
    """Write the page, whole or not at all."""
    write_whole(path, render_page(results))


def render_page(results: Results) -> str:
    """The page as HTML."""
    from t4s_lib.course.figures import img

    body = _BODY.format(
        lead=escape(_lead(results)),
        verdicts=_verdicts(results),
        n=results.scenes["n"],
        scores=_table(_SCORES, (_score_cells(results, g) for g in results.groups)),
        costs=_table(_COSTS, (_cost_cells(results, g) for g in results.groups)),
        learned=img(draw_learned(results), learned_alt(results)),
        curves=img(draw_curves(results), curves_alt(results)),
        arms=_table(_MODELS, _arm_rows(results)),
        facts=_facts(results),
    )
    return html_page("What a model makes of each codec", body, style=STYLE + _MORE)


def _lead(results: Results) -> str:
    """The answer to the question, as far as the numbers give one."""
    held = [g for g in results.groups if g[0] != BASELINE and _has_baseline(results, g)]
    short = [g for g in held if saved(results, *g) >= GOAL]
    good = [g[0] for g in short if reaches_goal(results, *g)]
    made_up = "Made-up numbers. " if results.toy else ""
    if good:
        return (
            f"{made_up}Shorter by {GOAL:.0%} or more than full, and not shown to be "
            f"worse than {BASELINE}: {', '.join(good)}."
        )
    if short:
        worse = ", ".join(g[0] for g in short)
        return f"{made_up}The shortest texts cost accuracy here: {worse}."
    return f"{made_up}No codec that was learned here is {GOAL:.0%} shorter than full."


def _verdicts(results: Results) -> str:
    """A sentence a codec, where there is a baseline on its grid."""
    told = [
        verdict(results, *group)
        for group in results.groups
        if _has_baseline(results, group)
    ]
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in told) + "</ul>"


def _has_baseline(results: Results, group: tuple[str, int]) -> bool:
    return (BASELINE, group[1]) in results.groups


def _score_cells(results: Results, group: tuple[str, int]) -> list[str]:
    """A codec's line of the first table."""
    arms = results.of(*group)
    accuracies = [arm.no_target_accuracy for arm in arms]
    known = [value for value in accuracies if value is not None]
    return [
        group[0],
        str(group[1]),
        ", ".join(str(arm.seed) for arm in arms),
        f"{arms[0].true_tokens:.1f}",
        f"{mean_ciou(results, *group).estimate:.3f}",
        _ends(share_of_ceiling(results, *group), ".1%"),
        _against(results, group),
        f"{_mean([arm.unreadable for arm in arms]):.1%}",
        f"{_mean(known):.1%}" if known else "none asked",
    ]


def _cost_cells(results: Results, group: tuple[str, int]) -> list[str]:
    """A codec's line of the second table."""
    arms = results.of(*group)
    return [
        group[0],
        str(group[1]),
        f"{arms[0].true_tokens:.1f}",
        f"{_mean([arm.written_tokens for arm in arms]):.1f}",
        f"{saved(results, *group):.1%}",
        f"{1000 * _mean([arm.seconds_per_answer for arm in arms]):.1f}",
        f"{_mean([arm.training.steps for arm in arms]):,.0f}",
        f"{_mean([arm.training.samples for arm in arms]):,.0f}",
        _millions([arm.training.tokens for arm in arms]),
    ]


def _against(results: Results, group: tuple[str, int]) -> str:
    if group[0] == BASELINE or not _has_baseline(results, group):
        return "-"
    return _ends(difference(results, group[0], BASELINE, group[1]), "+.3f")


def _arm_rows(results: Results) -> Iterator[list[str]]:
    for arm in (arm for group in results.groups for arm in results.of(*group)):
        took = arm.training
        yield [
            arm.codec,
            str(arm.grid),
            str(arm.seed),
            f"{arm.overlaps.ciou:.3f}",
            f"{results.norm(arm):.1%}",
            f"{took.steps:,}",
            f"{took.samples:,}",
            f"{took.seconds:.0f}",
            "-" if took.processes is None else str(took.processes),
            f"{len(took.curve)} times",
            ", ".join(f"{key} {value}" for key, value in took.differs.items()) or "-",
        ]


def _ends(found: tuple[float, float, float], form: str) -> str:
    value, low, high = (format(number, form) for number in found)
    return f"{value} ({low} to {high})"


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _millions(numbers: Sequence[int | None]) -> str:
    known = [number / 1e6 for number in numbers if number is not None]
    return f"{_mean(known):.2f}" if known else "-"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="learned"><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table>"
    )


def _facts(results: Results) -> str:
    """Provenance, scenes and recipe, a line each."""
    lines = {**flat(results.made), **flat({"scenes": results.scenes})}
    lines |= flat({"recipe": results.recipe})
    rows = "".join(
        f'<tr><th scope="row">{escape(key)}</th><td>{escape(str(value))}</td></tr>'
        for key, value in lines.items()
        if value not in (None, "", [], {})
    )
    return f'<table class="facts"><tbody>{rows}</tbody></table>'
