"""The commands ``t4s course`` and ``t4s doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from t4s_lib.course.results import CourseResult


def register(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(epilog="Example: t4s course --only 02 --profile ci")(course)
    app.command(epilog="Example: t4s doctor --gpu")(doctor)


def course(
    profile: Annotated[
        str,
        typer.Option("--profile", metavar="NAME", help="ci, laptop or gpu."),
    ] = "laptop",
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the pages go.")
    ] = Path("build/course"),
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="NN", help="A lesson's number; repeatable."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--source", metavar="DIR", help="Where the notebooks are."),
    ] = None,
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh", help="Store the executed notebooks in place; no pages."
        ),
    ] = False,
    stored: Annotated[
        bool,
        typer.Option(
            "--stored", help="Pages of the notebooks as they are stored; runs nothing."
        ),
    ] = False,
    solved: Annotated[
        bool,
        typer.Option(
            "--solved", help="Execute copies with every exercise solved; no pages."
        ),
    ] = False,
    times: Annotated[
        bool,
        typer.Option(
            "--times", help="Write the times of the last run into the headers."
        ),
    ] = False,
) -> None:
    """Execute every lesson and build the pages, with one to start from."""
    _one_way(refresh=refresh, stored=stored, solved=solved, times=times)
    folder = source or _notebooks()
    from t4s_lib.course import run
    from t4s_lib.course import solved as solving
    from t4s_lib.course import stored as storing
    from t4s_lib.course import write_times as timing

    if refresh:
        result = run.refresh(folder, profile, only or None)
    elif stored:
        result = storing.stored_course(folder, out, only or None)
    elif times:
        result = timing.write_times(folder, out, only or None)
    elif solved:
        result = solving.solved_course(folder, out, profile, only or None)
    else:
        result = run.run_course(folder, out, profile, only or None)
    _report(result)


def _one_way(**asked: bool) -> None:
    chosen = [f"--{name}" for name, is_asked in asked.items() if is_asked]
    if len(chosen) > 1:
        raise ValueError(f"got {' and '.join(chosen)}, expected one of them")


def doctor(
    gpu: Annotated[
        bool, typer.Option("--gpu", help="Import torch and ask it for a GPU.")
    ] = False,
) -> None:
    """Say what is installed, what is missing, and the command that mends it."""
    from t4s_lib.doctor import doctor as look

    diagnosis = look(gpu)
    typer.echo(str(diagnosis))
    if not diagnosis.ok:
        raise typer.Exit(1)


def _report(result: CourseResult) -> None:
    for fault in result.faults:
        typer.echo(f"t4s: {fault}", err=True)
    if result.index is not None:
        typer.echo(str(result.index))
    if not result.ok:
        failed = sum(not lesson.ok for lesson in result.lessons)
        total = len(result.lessons)
        typer.echo(f"t4s: {failed} of {total} lessons failed", err=True)
        raise typer.Exit(1)


def _notebooks() -> Path:
    """The folder ``notebooks`` here or, failing that, beside the library."""
    here, checkout = Path("notebooks"), Path(__file__).parent.parent / "notebooks"
    return here if here.is_dir() or not checkout.is_dir() else checkout
