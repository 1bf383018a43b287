"""What the authors' decoder makes of a text, fault by fault, beside ours."""

import numpy as np
import pytest

from t4s_lib import DescriptorGrid, codec


def drawn(text: str, mode: str, name: str = "row-rle") -> list[str]:
    grid, _ = codec(name).decode(text, (3, 4), mode=mode)
    return ["".join(map(str, row)) for row in grid.foreground.astype(int)]


@pytest.mark.parametrize(
    ("text", "repair", "parity", "kinds"),
    [
        pytest.param(
            "others *4\n others *1| dog *2| others *1\n dog *4\n",
            ["0000", "0110", "1111"],
            ["0000", "0110", "1111"],
            set(),
            id="a-right-text-is-read-alike",
        ),
        pytest.param(
            "others *3\n others *1| dog *2| others *1\n dog *2| others *2\n",
            ["0000", "0110", "1100"],
            ["0000", "1101", "1000"],
            {"flat_length"},
            id="one-short-row-shifts-all-below",
        ),
        pytest.param(
            "others *5\n others *1| dog *2| others *1\n dog *4\n",
            ["0000", "0110", "1111"],
            ["0000", "0011", "0111"],
            {"flat_length"},
            id="one-long-row-shifts-all-below",
        ),
        pytest.param(
            "dog *4\n dog *4\n dog *4\n",
            ["1111"] * 3,
            ["0000"] * 3,
            {"first_label_lost"},
            id="a-target-that-fills-the-picture-is-empty",
        ),
        pytest.param(
            "others *4\n others *1| dog *2| others *1\n dog*4\n",
            ["0000", "0110", "1111"],
            ["0000"] * 3,
            {"gave_up"},
            id="one-bad-run-empties-the-mask",
        ),
        pytest.param(
            "others *4\nothers *1| dog *2| others *1\n dog *4\n",
            ["0000", "0110", "1111"],
            ["0000"] * 3,
            {"gave_up"},
            id="a-newline-without-its-blank-empties-the-mask",
        ),
        pytest.param(
            "others *4\n dog *8\n",
            ["0000", "1111", "0000"],
            ["0000", "1111", "1111"],
            set(),
            id="a-run-across-rows-flows-on",
        ),
        pytest.param(
            "others *4\n dog *1000000000000\n",
            ["0000", "1111", "0000"],
            ["0000", "1111", "1111"],
            {"flat_length"},
            id="a-huge-count-is-cut",
        ),
        pytest.param(
            "others *1_2\n",
            ["0000"] * 3,
            ["0000"] * 3,
            set(),
            id="python-reads-underscores",
        ),
        pytest.param("Sorry.", ["0000"] * 3, ["0000"] * 3, {"gave_up"}, id="refusal"),
    ],
)
def test_beside_each_other(
    text: str, repair: list[str], parity: list[str], kinds: set[str]
) -> None:
    assert drawn(text, "repair") == repair
    assert drawn(text, "parity") == parity
    assert codec("row-rle").decode(text, (3, 4), mode="parity")[1].kinds == kinds


def slow_parity(text: str, shape: tuple[int, int]) -> np.ndarray:
    """The authors' steps, spelt out on lists."""
    flat: list[str] = []
    for row in text.strip("\n").split("\n "):
        for run in row.split("| "):
            name, count = run.split(" *")
            flat += [name] * int(count)
    names = list(dict.fromkeys(flat))
    if "others" in names:
        names.remove("others")
        names = ["others", *names]
    cells = shape[0] * shape[1]
    flat = (flat + flat[-1:] * cells)[:cells]
    return (np.array([names.index(name) for name in flat]) > 0).reshape(shape)


def test_random_texts_against_the_spelt_out_steps() -> None:
    rng = np.random.default_rng(7)
    for _ in range(300):
        rows = [
            "| ".join(
                f"{rng.choice(['others', 'dog', 'cat'])} *{rng.integers(1, 6)}"
                for _ in range(rng.integers(1, 4))
            )
            for _ in range(rng.integers(1, 6))
        ]
        text = "\n ".join(rows) + "\n"
        grid, _ = codec("row-rle").decode(text, (4, 5), mode="parity")
        np.testing.assert_array_equal(grid.foreground, slow_parity(text, (4, 5)))


WHOLE = "dog *2\n others *2\n"


@pytest.mark.parametrize(
    ("text", "status", "kinds"),
    [
        pytest.param(f"Sure:\n<seg>{WHOLE}</seg> ok", "exact", set(), id="whole"),
        pytest.param(f"<seg>{WHOLE}", "repaired", {"missing_close_tag"}, id="cut"),
        pytest.param(f"{WHOLE}</seg>", "failed", {"gave_up"}, id="no-open-tag"),
        pytest.param(f"<SEG>{WHOLE}</SEG>", "failed", {"gave_up"}, id="capitals"),
    ],
)
def test_parity_and_tags(text: str, status: str, kinds: set[str]) -> None:
    _, report = codec("row-rle").decode(text, (2, 2), mode="parity")
    assert (report.status, set(report.kinds)) == (status, kinds)


@pytest.mark.parametrize("name", ["full", "image-rle", "row-rle"])
def test_parity_reads_every_format_of_the_authors(name: str) -> None:
    grid = DescriptorGrid([[0, 1, 1], [2, 2, 0]], ("others", "dog", "cat"))
    back, report = codec(name).decode(codec(name).encode(grid), (2, 3), mode="parity")
    assert (back, report.status) == (grid, "exact")


def test_parity_shows_labels_as_written() -> None:
    grid, _ = codec("full").decode("others| a b|c\n", (1, 2), mode="parity")
    assert grid.labels == ("others", "a b|c")
