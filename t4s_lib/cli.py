"""The command ``t4s``: the frame, ``encode`` and ``decode``.

Exit codes: 0 done; 2 bad input, with one line on stderr that names the thing, what
was found and what was expected; 1 anything else. What a command needs is imported
inside it, so that ``t4s encode`` starts without torch, matplotlib or papermill.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from errno import EDQUOT, EFBIG, ENOSPC, EROFS
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from t4s_lib import (
    cli_codecs,
    cli_course,
    cli_data,
    cli_evaluate,
    cli_grammar,
    cli_merge,
    cli_models,
    cli_train,
)

if TYPE_CHECKING:
    from t4s_lib.descriptor import DescriptorGrid

app = typer.Typer(
    name="t4s",
    help="Image segmentation as text generation: masks, texts, and the course.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The root of the errors that a command line raises, whoever ships it: click, or,
# since typer 0.20, typer itself, which gives it no public name.
_UsageError = cast("type[Exception]", typer.BadParameter.__mro__[2])

_NOT_THERE = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)

_NO_ROOM = {EDQUOT, EFBIG, ENOSPC, EROFS}
"""What the system says where a disk is full or may not be written to."""

MaskFile = Annotated[
    Path,
    typer.Argument(
        metavar="MASK",
        help="An image, whose pixels that are neither black nor transparent are the "
        "target (in a palette image: all but number 0), or a .npy bool array.",
    ),
]
Label = Annotated[
    str, typer.Option("--label", metavar="TEXT", help="What the target is.")
]
Rule = Annotated[
    str,
    typer.Option(
        "--rule",
        metavar="RULE",
        help="How a cell gets its label: nearest, majority or coverage; with +keep "
        "behind it, a target too small for any cell is given one.",
    ),
]
Grid = Annotated[
    str, typer.Option("--grid", metavar="GRID", help="Cells: 16, or ROWSxCOLS.")
]
CodecName = Annotated[
    str, typer.Option("--codec", metavar="NAME", help="The text's format.")
]
TextFile = Annotated[
    str, typer.Argument(metavar="[FILE|-]", help="The text; - is stdin.")
]
Out = Annotated[
    Path,
    typer.Option(
        "-o", "--out", metavar="MASK", help="The mask: .png, .bmp, .tif, .npy."
    ),
]
Pixels = Annotated[
    str, typer.Option("--size", metavar="SIZE", help="WIDTHxHEIGHT, in pixels.")
]
Mode = Annotated[
    str,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="repair keeps a fault in its row; parity does as the authors' decoder.",
    ),
]
OneLabel = Annotated[
    str | None,
    typer.Option("--label", metavar="TEXT", help="Draw this label only; else all."),
]
Up = Annotated[
    str,
    typer.Option(
        "--up", metavar="WAY", help="From cells to pixels: nearest, bilinear."
    ),
]


def main(args: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    try:
        code = app(args=args, prog_name="t4s", standalone_mode=False)
    except (_UsageError, ValueError, *_NOT_THERE) as error:
        return _say(_message(error), 2)
    except ModuleNotFoundError as error:
        return _say(f"{error.name} is not installed; t4s doctor says how to", 1)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        return _say(f"{error.filename or 'disk'}: {error.strerror}", 1)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped", 1)
    return code if isinstance(code, int) else 0


@app.callback(invoke_without_command=True)
def frame(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.")
    ] = False,
) -> None:
    """Image segmentation as text generation: masks, texts, and the course."""
    if show_version:
        typer.echo(f"t4s {_version()}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(epilog="Example: t4s encode horse.png --label 'white horse' > horse.txt")
def encode(
    mask: MaskFile,
    label: Label,
    grid: Grid = "16",
    rule: Rule = "nearest",
    codec: CodecName = "row-rle",
) -> None:
    """Write a mask as text, on stdout."""
    from t4s_lib.cli_masks import parse_grid, read_mask
    from t4s_lib.codecs import codec as find_codec
    from t4s_lib.grid import mask_to_grid

    writer, size = find_codec(codec), parse_grid(grid)
    made = mask_to_grid(read_mask(mask), size, label=label, rule=rule)
    text = writer.encode(made)
    for lost in made.lost:
        remedy = f"try a finer --grid, or --rule {rule.removesuffix('+keep')}+keep"
        _say(f"warning: {lost!r} is too small for any cell; {remedy}", 0)
    typer.echo((text if text.endswith("\n") else text + "\n").encode(), nl=False)


@app.command(
    epilog="Example: t4s decode horse.txt --grid 16 --size 640x480 -o horse.png"
)
def decode(
    out: Out,
    size: Pixels,
    file: TextFile = "-",
    grid: Grid = "16",
    codec: CodecName = "row-rle",
    mode: Mode = "repair",
    label: OneLabel = None,
    up: Up = "nearest",
) -> None:
    """Read a text as a mask, and report as JSON, on stdout, what was mended."""
    from t4s_lib.cli_masks import check_output, parse_grid, parse_size, write_mask
    from t4s_lib.codecs import codec as find_codec
    from t4s_lib.grid import MODES, grid_to_mask

    if up not in MODES:
        raise ValueError(f"--up is {up!r}, expected one of {', '.join(MODES)}")
    reader, shape, pixels = find_codec(codec), parse_grid(grid), parse_size(size)
    check_output(out)
    made, report = reader.decode(_read_text(file), shape, mode=mode)
    drawn = _only(made, label)
    write_mask(grid_to_mask(drawn, pixels, mode=up), out)
    cells = int(drawn.foreground.sum())
    found = {"cells": cells, "grid": list(made.shape), "out": str(out)}
    typer.echo(json.dumps({**report.as_dict(), **found}, ensure_ascii=False))


def _only(grid: DescriptorGrid, label: str | None) -> DescriptorGrid:
    """The grid with the cells of one label alone; as it is for None."""
    from t4s_lib.descriptor import OTHERS, DescriptorGrid

    if label is None:
        return grid
    if label not in grid.labels[1:]:
        _say(f"warning: the text has no label {label!r}; the mask is empty", 0)
        return DescriptorGrid(grid.ids * 0, (OTHERS,))
    return DescriptorGrid(grid.where(label), (OTHERS, label))


def _read_text(file: str) -> str:
    name = "stdin" if file == "-" else file
    if file != "-" and (not Path(file).exists() or Path(file).is_dir()):
        raise ValueError(f"text is {file}, expected a file that exists")
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start} is {data[error.start]:#04x}"
        raise ValueError(f"text {name} is not UTF-8: {place}") from error


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    spoken = getattr(error, "format_message", error.__str__)()
    return " ".join(str(spoken).split())


def _say(message: str, code: int) -> int:
    typer.echo(f"t4s: {message}", err=True)
    return code


def _version() -> str:
    try:
        return version("t4s-lib")
    except PackageNotFoundError:
        return "unknown"


cli_models.register(app)
cli_merge.register(app)
cli_grammar.register(app)
cli_train.register(app)
cli_evaluate.register(app)
cli_data.register(app)
cli_codecs.register(app)
cli_course.register(app)
