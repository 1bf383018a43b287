"""The hash of the source, the stamp, and what cleaning leaves."""

import copy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from t4s_lib.course.freshness import (
    WIDGET_TEXT,
    clean,
    is_fresh,
    read,
    source_hash,
    stamp,
    still_fresh,
    write,
)

VIEW = "application/vnd.jupyter.widget-view+json"


def executed() -> Any:
    """A notebook as papermill leaves it, with all the noise there is."""
    streams = [new_output("stream", text=text) for text in ("a\n", "b\n")]
    error = new_output("stream", name="stderr", text="c")
    data = {VIEW: {"model_id": "1f"}, "text/plain": "VBox(children=())"}
    widget = new_output("execute_result", data, execution_count=9)
    noise = {"papermill": {"duration": 1.5}, "execution": {"x": "y"}, "tags": []}
    cells = [
        new_markdown_cell("# Title", metadata=dict(noise)),
        new_code_cell('PROFILE = "x"', metadata={"tags": ["parameters"]}),
        new_code_cell('PROFILE = "ci"', metadata={"tags": ["injected-parameters"]}),
        new_code_cell(
            "f()",
            metadata={**noise, "collapsed": False, "jupyter": {"source_hidden": True}},
            outputs=[*streams, error],
            execution_count=7,
        ),
        new_code_cell("w", outputs=[widget], execution_count=9),
        new_code_cell(""),
    ]
    nb = new_notebook(cells=cells)
    nb.metadata.update(
        {
            "kernelspec": {"name": "mine", "display_name": "Mine"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "papermill": {"input_path": "/home/me"},
            "widgets": {"state": {}},
        }
    )
    return nb


def test_the_hash_does_not_see_outputs_counts_metadata_or_ids() -> None:
    nb = executed()
    before = source_hash(nb)
    for cell in nb.cells:
        cell.id = f"other-{cell.id}"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    assert source_hash(nb) == before == source_hash(clean(nb))


@pytest.mark.parametrize("change", ["source", "kind", "order", "fewer", "split"])
def test_the_hash_sees_every_change_of_the_source(change: str) -> None:
    nb = executed()
    before = source_hash(nb)
    if change == "source":
        nb.cells[0].source += " "
    if change == "kind":
        nb.cells[0].cell_type = "raw"
    if change == "order":
        nb.cells.reverse()
    if change == "fewer":
        nb.cells.pop()
    if change == "split":
        nb.cells[0].source, nb.cells[1].source = "# Tit", "le" + nb.cells[1].source
    assert source_hash(nb) != before


def test_a_stamp_makes_fresh_and_an_edit_makes_stale() -> None:
    nb = executed()
    assert not is_fresh(nb)
    stamped = stamp(nb, "laptop", 1.23456)
    assert is_fresh(stamped)
    assert not is_fresh(nb)
    assert stamped.metadata.t4s["profile"] == "laptop"
    assert stamped.metadata.t4s["minutes"] == 1.23
    assert set(stamped.metadata.t4s) == {
        "source_sha",
        "profile",
        "lib_version",
        "minutes",
    }
    stamped.cells[0].source += " edited"
    assert not is_fresh(stamped)


@pytest.mark.parametrize("was_fresh", [True, False])
def test_an_edit_that_no_output_depends_on_keeps_what_was(was_fresh: bool) -> None:
    before = stamp(executed(), "laptop", 1) if was_fresh else executed()
    edited = copy.deepcopy(before)
    edited.cells[0].source += " edited"
    assert is_fresh(still_fresh(edited, before)) == was_fresh
    assert is_fresh(before) == was_fresh


def test_cleaning_keeps_the_stamp_valid() -> None:
    assert is_fresh(clean(stamp(executed(), "laptop", 1)))


def test_cleaning_strips_the_notebooks_metadata() -> None:
    tidy = clean(executed())
    assert set(tidy.metadata) == {"kernelspec", "language_info"}
    assert tidy.metadata.kernelspec == {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }
    assert (tidy.nbformat, tidy.nbformat_minor) == (4, 5)


def test_cleaning_strips_the_cells_and_drops_the_injected_one() -> None:
    tidy = clean(executed())
    assert [cell.metadata for cell in tidy.cells] == [
        {},
        {"tags": ["parameters"]},
        {"jupyter": {"source_hidden": True}},
        {},
        {},
    ]


def test_cleaning_counts_from_one_and_joins_streams() -> None:
    tidy = clean(executed())
    counts = [cell.get("execution_count") for cell in tidy.cells]
    assert counts == [None, None, 1, 2, None]
    outputs = [(o.name, o.text) for o in tidy.cells[2].outputs]
    assert outputs == [("stdout", "a\nb\n"), ("stderr", "c")]


def test_a_widget_becomes_a_line_of_text() -> None:
    (output,) = clean(executed()).cells[3].outputs
    assert output.data == {"text/plain": WIDGET_TEXT}
    assert output.execution_count == 2


def test_cleaning_leaves_its_input_and_a_clean_notebook_as_they_are() -> None:
    nb = executed()
    before = copy.deepcopy(nb)
    tidy = clean(nb)
    assert nb == before
    assert clean(tidy) == tidy
    nbformat.validate(tidy)


def test_two_writes_of_one_notebook_are_equal_to_the_byte(tmp_path: Path) -> None:
    one, two = tmp_path / "1.ipynb", tmp_path / "2.ipynb"
    write(clean(executed_with_ids()), one)
    write(clean(executed_with_ids()), two)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().endswith(b"}\n")
    assert sorted(tmp_path.iterdir()) == [one, two]
    assert source_hash(read(one)) == source_hash(executed())


def executed_with_ids() -> Any:
    nb = executed()
    for number, cell in enumerate(nb.cells):
        cell.id = f"cell-{number}"
    return nb


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"nbformat": 4}'])
def test_what_is_no_notebook_is_said_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"x\.ipynb is not a") as caught:
        read(path)
    assert "\n" not in str(caught.value)
