"""``report.html``: one page that needs no network, from the lines of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import islice
from pathlib import Path
from typing import Any

from t4s_lib.evaluation.beside import ours_beside
from t4s_lib.evaluation.items import number_of_classes
from t4s_lib.evaluation.plan import PLAIN, Plan
from t4s_lib.evaluation.published import protocols_of
from t4s_lib.evaluation.report_page import PAGE, SHOWN, STYLE
from t4s_lib.evaluation.results import bad_records, main_score
from t4s_lib.evaluation.waterfall import told, waterfall, waterfall_svg
from t4s_lib.evaluation.work import Job
from t4s_lib.evaluation.worst import Seen, seen, worst
from t4s_lib.html_page import html_page
from t4s_lib.sources.base import Sample
from t4s_lib.whole_files import write_whole

_BAD_SHOWN = 20
_TEXT_SHOWN = 1500


def write_report(
    job: Job, samples: Sequence[Sample], scores: Mapping[str, Any], path: Path
) -> None:
    """Write the page.

    Args:
        job: The run, with all its lines.
        samples: Its samples.
        scores: What ``scores.json`` holds.
        path: Where to.
    """
    plan, main = job.plan, main_score(number_of_classes(samples[0]))
    way = plan.headline
    found = [seen(one, samples, plan, way) for one in worst(job.out, way)]
    title = f"{plan.model} on {plan.benchmark}"
    body = PAGE.format(
        title=escape(title),
        lead=_lead(plan, scores, main),
        waterfall=_waterfall(plan, scores, main),
        table=score_table(scores, plan.ways),
        published=_published(plan, scores),
        worst="\n".join(map(_shown, found)),
        way=escape(way),
        bad=_bad(job.out, scores["skipped"]),
        facts=_facts(plan),
    )
    write_whole(path, html_page(title, body, style=STYLE))


def score_table(scores: Mapping[str, Any], ways: Iterable[str]) -> str:
    """Every figure, a row each, a column for each way of drawing."""
    columns = {way: scores if way == PLAIN else scores[way] for way in ways}
    keys = [key for key, value in scores.items() if not isinstance(value, Mapping)]
    head = "".join(f'<th scope="col">{escape(way)}</th>' for way in columns)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(key)}</th>'
        + "".join(f"<td>{_figure(column.get(key))}</td>" for column in columns.values())
        + "</tr>"
        for key in keys
        if any(column.get(key) is not None for column in columns.values())
    )
    return (
        f'<table class="scores"><thead><tr><th scope="col">figure</th>{head}</tr>'
        f"</thead><tbody>\n{rows}\n</tbody></table>"
    )


def _lead(plan: Plan, scores: Mapping[str, Any], main: str) -> str:
    way = plan.headline
    best = scores if way == PLAIN else scores[way]
    ends = ""
    if best.get(f"{main}_low") is not None:
        low, high = best[f"{main}_low"], best[f"{main}_high"]
        ends = f" (95 % interval {low:.3f} to {high:.3f})"
    skipped = scores["skipped"]
    bad = f"; {skipped:,} could not be read and count nowhere" if skipped else ""
    return (
        f"<b>{main} {_figure(best[main])}</b>{ends} with {escape(way)}, "
        f"{_figure(scores[main])} in plain blocks; {scores['n']:,} samples{bad}."
    )


def _waterfall(plan: Plan, scores: Mapping[str, Any], main: str) -> str:
    name = plan.headline if plan.refiners else None
    steps = waterfall(scores, main, name)
    if not steps:
        return "<p>No sample has a target, so there is no score to take apart.</p>"
    finding = f"<p>{escape(told(steps, main))}</p>"
    return finding + waterfall_svg(steps, main, name or "")


def _published(plan: Plan, scores: Mapping[str, Any]) -> str:
    """Ours under the printed rows of each protocol that counts in the same way."""
    best = scores if plan.headline == PLAIN else scores[plan.headline]
    tables = [
        ours_beside(
            {plan.benchmark: best},
            protocol,
            name=plan.model,
            refiner=plan.headline,
            form="html",
        )
        for protocol in protocols_of(plan.benchmark)
    ]
    return "\n".join(tables) or "<p>Nothing was published on this benchmark.</p>"


def _shown(one: Seen) -> str:
    record, text = one.record, one.record["text"]
    cut = text[:_TEXT_SHOWN] + (" …" if len(text) > _TEXT_SHOWN else "")
    picture, target, drawn = one.pictures
    return SHOWN.format(
        expression=escape(record["expression"][:200]),
        source=escape(record["source"]),
        iou=f"{one.iou:.3f}",
        status=escape(record["report"]["status"]),
        picture=picture,
        target=target,
        drawn=drawn,
        text=escape(cut),
    )


def _bad(out: Path, skipped: int) -> str:
    if not skipped:
        return "<p>None.</p>"
    rows = "".join(
        f"<li><code>{escape(r['source'])}</code>: {escape(r['error'])}</li>"
        for r in islice(bad_records(out), _BAD_SHOWN)
    )
    more = f"<p>and {skipped - _BAD_SHOWN:,} more</p>" if skipped > _BAD_SHOWN else ""
    return f"<ul>{rows}</ul>{more}"


def _facts(plan: Plan) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(key)}</th><td>{escape(_plain(value))}</td></tr>'
        for key, value in plan.as_dict().items()
        if value not in ("", {}, [])
    )
    return f'<table class="facts"><tbody>{rows}</tbody></table>'


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"
