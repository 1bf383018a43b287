"""The commands ``t4s codecs list`` and ``compare``; here ``learn`` joins them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from t4s_lib.cli_codecs_learn import EXAMPLE, learn
from t4s_lib.cli_options import DataRoot
from t4s_lib.whole_files import written_beside

if TYPE_CHECKING:
    from t4s_lib.course.codec_study import Point
    from t4s_lib.course.studies import Counter
    from t4s_lib.sources import Sample

FIGURES = (".png", ".svg", ".pdf")
"""The endings a figure is written with; ``.json`` is the record."""

REAL = ("refcocog:google:val", "refcocog:umd:val")
"""Benchmarks looked for where none is named; the first that is there is taken."""

SCENES = "scenes:synthetic:val"


class Masks(NamedTuple):
    """What codecs are compared on.

    Attributes:
        samples: The samples.
        benchmark: Where they are from.
        of: How many that has.
    """

    samples: Sequence[Sample]
    benchmark: str
    of: int

    def __str__(self) -> str:
        of = "" if len(self.samples) == self.of else f" of {self.of:,}"
        return f"{len(self.samples):,}{of} masks of {self.benchmark}"


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    codecs = typer.Typer(help="The formats of masks' texts: which, and how long.")
    codecs.command("list", epilog="Example: t4s codecs list")(list_codecs)
    codecs.command(
        epilog="Example: t4s codecs compare --data $T4S_DATA --grid 16 --grid 32 "
        "--out build/codecs.png --out build/codecs.json"
    )(compare)
    codecs.command(epilog=EXAMPLE)(learn)
    app.add_typer(codecs, name="codecs")


def list_codecs(
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON record a codec, a line each.")
    ] = False,
) -> None:
    """Say which codecs there are, and what each writes of a small mask."""
    for record in map(_record, _names()):
        if as_json:
            typer.echo(json.dumps(record, ensure_ascii=False))
            continue
        with_what = ", ".join(k for k in ("grammar", "drafts") if record[k]) or "-"
        typer.echo(f"{record['codec']:13} {record['what']}  [{with_what}]")
        typer.echo(f"{'':13} {record['example']!r}")


def compare(
    data: DataRoot = None,
    benchmark: Annotated[
        str | None,
        typer.Option(
            "--benchmark",
            metavar="NAME",
            help="Whose masks; default: RefCOCOg where --data has it, else "
            "synthetic scenes.",
        ),
    ] = None,
    grid: Annotated[
        list[int] | None,
        typer.Option("--grid", metavar="N", help="Grid side; repeatable. 16, 24, 32."),
    ] = None,
    codec: Annotated[
        list[str] | None,
        typer.Option("--codec", metavar="NAME", help="Repeatable; default: all."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", help="So many masks at most.")
    ] = 200,
    tokenizer: Annotated[
        str,
        typer.Option(
            "--tokenizer",
            metavar="NAME",
            help="'SentencePiece 32k', 'tekken 131k', tiny, or a model's folder.",
        ),
    ] = "SentencePiece 32k",
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out", metavar="FILE", help="A figure (.png) or a record (.json)."
        ),
    ] = None,
) -> None:
    """Measure tokens against oracle IoU, for every codec and grid, on the same masks.

    The oracle IoU is what a perfect model reaches. Every text is read back.
    """
    from t4s_lib.course.codec_study import OWN_GRID
    from t4s_lib.course.codec_study import compare as study
    from t4s_lib.evaluation.progress import ProgressLine

    files, sides = out or [], sorted(set(grid or (16, 24, 32)))
    _check(files, sides, limit)
    count = _counter(tokenizer)
    masks = _masks(data, benchmark, limit)
    names = codec or [*_names(), OWN_GRID]
    points = study(masks.samples, names, sides, count, ProgressLine())
    typer.echo(f"{masks}, tokens of {tokenizer}")
    typer.echo(_table(points))
    for file in files:
        _write(file, points, masks, tokenizer)
        typer.echo(f"written: {file}")


def _names() -> tuple[str, ...]:
    from t4s_lib.codecs import codec_names

    return codec_names()


def _record(name: str) -> dict[str, Any]:
    from t4s_lib.codecs import codec
    from t4s_lib.descriptor import DescriptorGrid
    from t4s_lib.generation.mask_rules import MASKS
    from t4s_lib.generation.mask_text import can_guess

    small = DescriptorGrid([[0, 0, 0], [0, 1, 1], [0, 1, 1]], ("others", "red kite"))
    made = codec(name)
    return {
        "codec": name,
        "what": (type(made).__doc__ or "").strip().partition("\n")[0],
        "grammar": name in MASKS,
        "drafts": can_guess(name),
        "example": made.encode(small),
    }


def _check(files: Sequence[Path], sides: Sequence[int], limit: int) -> None:
    for file in files:
        if file.suffix.lower() not in (*FIGURES, ".json"):
            known = ", ".join((*FIGURES, ".json"))
            raise ValueError(f"--out is {file}, expected a name ending in {known}")
        if file.is_dir() or not file.absolute().parent.is_dir():
            raise ValueError(
                f"--out is {file}, expected a file in a folder that exists"
            )
    if limit < 1:
        raise ValueError(f"--limit is {limit}, expected 1 or more")
    for side in sides:
        if not 1 <= side <= 256:
            raise ValueError(f"--grid is {side}, expected 1 to 256")


def _counter(name: str) -> Counter:
    """A tokenizer's way to count."""
    from t4s_lib.course.tokens import NAMES, token_counter

    if name in NAMES:
        return token_counter(name)
    if name == "tiny":
        from t4s_lib.models.tiny.vocabulary import build_tokenizer

        tiny = build_tokenizer()
        return lambda text: len(tiny(text, add_special_tokens=False)["input_ids"])
    from t4s_lib.training.texts import tokenizer_of

    found = tokenizer_of(name)
    if found is None:
        known = ", ".join((*NAMES, "tiny"))
        raise ValueError(
            f"--tokenizer is {name!r}, expected one of {known}, or a model that is here"
        )
    return lambda text: int(found(text))


def _masks(data: Path | None, benchmark: str | None, limit: int) -> Masks:
    """Masks that have a target, spread over a benchmark."""
    from t4s_lib.sources.errors import DataError
    from t4s_lib.sources.opening import open_benchmark

    root = data or (Path(found) if (found := os.environ.get("T4S_DATA")) else None)
    tried = [benchmark] if benchmark else [*REAL] if root else [SCENES]
    reasons = []
    for name in tried:
        try:
            part = open_benchmark(name, root)
        except DataError as reason:
            reasons.append(f"{name}: {reason}")
            continue
        step = max(1, -(-len(part) // limit))
        return Masks(part[::step], name, len(part))
    raise ValueError("; ".join(reasons))


def _table(points: Sequence[Point]) -> str:
    header = f"{'codec':13} {'grid':>5} {'tokens':>8} {'95 % of means':>17}"
    lines = [f"{header} {'saved':>7} {'oracle IoU':>10} {'cIoU':>6} {'exact':>6}"]
    for p in points:
        low, high = p.tokens_95
        saved = "" if p.saves is None else f"{p.saves:.1%}"
        lines.append(
            f"{p.codec:13} {p.grid:5} {p.tokens:8.1f} {low:8.1f}-{high:<8.1f} "
            f"{saved:>7} {p.oracle_iou:10.4f} {p.oracle_ciou:6.4f} {p.exact:6.1%}"
        )
    return "\n".join(lines)


def _write(file: Path, points: Sequence[Point], masks: Masks, tokenizer: str) -> None:
    """Write a figure or a record beside, then rename it."""
    with written_beside(file) as beside:
        if file.suffix.lower() == ".json":
            beside.write_text(_json(points, masks, tokenizer), encoding="utf-8")
        else:
            from t4s_lib.course.codec_plot import tokens_and_iou

            tokens_and_iou(points, tokenizer).savefig(beside, facecolor="white")


def _json(points: Sequence[Point], masks: Masks, tokenizer: str) -> str:
    from t4s_lib.course.codec_plot import alt_text

    record = {
        "masks": str(masks),
        "benchmark": masks.benchmark,
        "samples": len(masks.samples),
        "tokenizer": tokenizer,
        "alt": alt_text(points, tokenizer),
        "points": [asdict(point) for point in points],
    }
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"
