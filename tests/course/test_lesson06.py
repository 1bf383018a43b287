"""Lesson 06: answers against the library, studies on a run, printed rows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from t4s_lib.course import (
    benchmark_plots,
    benchmark_studies,
    benchmark_wordings,
    check,
    solution,
)
from t4s_lib.course.exercises import scoring
from t4s_lib.evaluation.metrics import (
    Counts,
    count,
    count_classes,
    interval,
    paired_difference,
    pixel_box,
    scores,
    semantic_scores,
)
from t4s_lib.evaluation.plan import Plan, plan_of, read_plan
from t4s_lib.evaluation.run import Outcome, evaluate
from t4s_lib.evaluation.waterfall import Step
from t4s_lib.prompts import QUESTIONS, fold
from t4s_lib.sources import Sample, scenes

SCENES = "scenes:synthetic:heldout"
N = 40
RNG = np.random.default_rng(6)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The oracle on scenes."""
    plan = plan_of(model="oracle", benchmark=SCENES)
    done = evaluate(plan, tmp_path_factory.mktemp("run"), limit=N)
    assert done is not None
    return done


def plan_in(run: Outcome) -> Plan:
    found = read_plan(run.out)
    assert found is not None
    return found


def random_pairs(n: int = 40) -> list[tuple[Any, Any]]:
    """Masks of every kind: with and without target, drawn and not."""
    shares = RNG.choice([0, 0.2, 0.6], size=(n, 2))
    pairs = [[RNG.random((9, 7)) < share for share in two] for two in shares]
    return [(truth, drawn) for truth, drawn in pairs]


class TestAnswers:
    def test_figures_of_masks_are_the_librarys(self) -> None:
        pairs = random_pairs()
        found = scores(count(truth, drawn) for truth, drawn in pairs)
        assert scoring.cumulative_iou(pairs) == pytest.approx(found["cIoU"])
        assert scoring.mean_iou(pairs) == pytest.approx(found["gIoU"])
        rates = scoring.empty_rates(pairs)
        assert rates == pytest.approx((found["n_acc"], found["t_acc"]))

    def test_box_accuracy_is_the_librarys(self) -> None:
        pairs = [(t, d) for t, d in random_pairs(200) if t.any()]
        boxes: Any = [(pixel_box(t), pixel_box(d)) for t, d in pairs]
        found = scores(count(t, d) for t, d in pairs)
        assert scoring.accuracy_at_half(boxes) == pytest.approx(found["acc_50"])

    def test_mean_iou_of_classes_is_the_librarys(self) -> None:
        ids = RNG.choice([0, 1, 2, 4, 255], size=(12, 6, 6))
        drawn = RNG.integers(0, 5, size=(12, 6, 6))
        pairs = list(zip(ids, drawn, strict=True))
        each = [count_classes(t, d, 5) for t, d in pairs]
        found = semantic_scores(each, 5)["mIoU"]
        assert scoring.class_mean_iou(pairs, 5) == pytest.approx(found)

    def test_the_interval_is_the_librarys_on_the_same_draws(self) -> None:
        names = [str(k % 7) for k in range(20)]
        runs = [[seeded(name) for name in names] for _ in range(2)]
        chosen = np.random.default_rng(0).integers(7, size=(500, 7))
        draws = [[str(k) for k in one] for one in chosen]
        ours, others = (by_picture(one) for one in runs)
        mine = scoring.difference_interval(ours, others, draws)
        theirs = paired_difference(runs[0], runs[1], draws=500)
        assert mine == pytest.approx((theirs.low, theirs.high))

    @pytest.mark.parametrize(
        ("id", "answer"),
        [
            ("6.1", lambda p: np.float64(scoring.cumulative_iou(list(p)))),
            ("6.3", lambda p: list(scoring.empty_rates(p))),
            ("6.3", lambda p: np.array(scoring.empty_rates(p))),
            ("6.6", lambda *given: np.array(scoring.difference_interval(*given))),
        ],
    )
    def test_other_right_answers_pass(
        self, id: str, answer: Callable[..., Any]
    ) -> None:
        assert check(id, answer).verdict == "passed"

    def test_a_failing_case_shows_its_masks(self) -> None:
        found = check("6.2", lambda pairs: 0.5)
        assert "[[1, 1, 0, 0], [0, 0, 0, 0]]" in repr(found)

    @pytest.mark.parametrize("id", ["6.1", "6.2", "6.3", "6.4", "6.5", "6.6"])
    def test_solutions_show_the_librarys_source(self, id: str) -> None:
        assert "t4s_lib.evaluation.metrics" in solution(id).data


def seeded(image: str) -> Counts:
    tp, fp, fn = (int(v) for v in RNG.integers(1, 50, size=3))
    return Counts(tp, fp, fn, 1000, image=image)


def by_picture(run: Sequence[Counts]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for item in run:
        found.setdefault(item.image, []).append((item.tp, item.union))
    return found


class TestStudies:
    def test_counts_and_masks_are_those_of_the_run(self, run: Outcome) -> None:
        for way in ("nearest", "bilinear"):
            found = benchmark_studies.counts_of(run.out, way)
            told = run.scores if way == "nearest" else run.scores[way]
            assert scores(found)["cIoU"] == told["cIoU"]
        sample = scenes(N, "heldout")[7]
        drawn = benchmark_studies.drawn(run.out, 7, sample)
        counted = benchmark_studies.counts_of(run.out)[7]
        assert int((drawn & sample.mask).sum()) == counted.tp
        assert int(drawn.sum()) == counted.tp + counted.fp

    def test_drawn_refuses_a_folder_without_a_run(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="holds no run"):
            benchmark_studies.drawn(tmp_path, 0, scenes(1)[0])

    def test_large_targets_have_more_weight(self) -> None:
        counts = [Counts(9, 0, 1, 100), Counts(60, 10, 20, 100), Counts(0, 0, 10, 100)]
        assert benchmark_studies.weight_of(counts, 1 / 3) == pytest.approx(90 / 110)
        assert benchmark_studies.weight_of(counts, 1) == 1

    def test_slips_cost_the_flat_reader_more(self, run: Outcome) -> None:
        samples = list(scenes(N, "heldout"))
        found = benchmark_studies.broken(run.out, plan_in(run), samples, [0, 0.5, 1])
        assert found.rows[0] == found.flat[0] == run.scores["cIoU"]
        assert found.failed[0] == 0
        assert found.rows == sorted(found.rows, reverse=True)
        assert found.flat[2] < found.rows[2] < found.rows[0]
        assert 0 < found.failed[1] < found.failed[2] < 1

    def test_figures_of_a_table_are_rounded_and_may_be_missing(self) -> None:
        found = benchmark_studies.figures(
            {"cIoU": 0.12345, "n_acc": None}, "cIoU", "n_acc"
        )
        assert found == [0.123, None]


class Parrot:
    """A model whose answer depends on the wording: right in all but one of them."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def write(
        self, images: Sequence[Any], questions: Sequence[str], words: Sequence[str]
    ) -> tuple[list[str], list[int]]:
        self.asked += questions
        rows = "\n ".join(["others *16"] * 16) + "\n"
        return [
            fold(full(word) if "highlight" not in q else rows, word)
            for q, word in zip(questions, words, strict=True)
        ], [1] * len(questions)


def full(word: str) -> str:
    return "\n ".join([f"{word} *16"] * 16) + "\n"


class TestWordings:
    def test_each_of_the_papers_wordings_has_a_seed(self) -> None:
        assert len(benchmark_wordings.wordings()) == len(set(QUESTIONS["partial"])) == 6

    def test_every_sample_is_asked_in_every_wording(self) -> None:
        samples = [s for s in scenes(40, "heldout") if not s.is_no_target][:20]
        parrot: Any = Parrot()
        plan = plan_of(model="oracle", benchmark=SCENES)
        asked = benchmark_wordings.in_all_wordings(parrot, plan, samples)
        assert len(set(parrot.asked)) >= 6 * len({s.expression for s in samples}) - 6
        each = [benchmark_wordings.ciou(counts) for counts in asked]
        assert sorted(value > 0 for value in each) == [False] + [True] * 5
        lots = benchmark_wordings.by_lot(asked, benchmark_wordings.ciou, runs=200)
        assert min(each) < lots.min() < lots.mean() < lots.max()

    def test_without_a_choice_all_runs_are_one(self) -> None:
        counts = [Counts(k, 1, 1, 100, image=str(k)) for k in range(1, 9)]
        lots = benchmark_wordings.by_lot([counts, counts], benchmark_wordings.ciou)
        assert set(lots) == {benchmark_wordings.ciou(counts)}

    def test_asking_again_is_no_new_sample(self) -> None:
        counts = [Counts(k, 3, 1, 100, image=str(k)) for k in range(1, 30)]
        once, again = interval(counts), interval(counts * 6)
        alone = interval(counts * 6, by_image=False)
        assert again.high - again.low == pytest.approx(once.high - once.low)
        assert alone.high - alone.low < 0.6 * (once.high - once.low)


class TestPlots:
    def test_a_waterfall_has_a_bar_and_a_figure_a_step(self) -> None:
        steps = [Step("perfect", 1, 0), Step("grid", 0.7, -0.3), Step("parse", 0.7, 0)]
        fig = benchmark_plots.waterfalls({"one": steps, "two": steps})
        for ax in fig.axes:
            words = [text.get_text() for text in ax.texts]
            assert words == ["1.00", "0.70 (-0.30)", "0.70 (no loss)"]
        assert fig.axes[0].get_title("left") == "one: cIoU 0.700"

    def test_who_decides_says_the_share(self, run: Outcome) -> None:
        counts = benchmark_studies.counts_of(run.out)
        fig = benchmark_plots.who_decides(counts, "oracle")
        share = benchmark_studies.weight_of(counts)
        assert f"decides {share:.0%}" in fig.axes[0].texts[0].get_text()

    def test_a_difference_is_drawn_against_zero(self, run: Outcome) -> None:
        one = benchmark_studies.counts_of(run.out)
        two = benchmark_studies.counts_of(run.out, "bilinear")
        pair = paired_difference(two, one)
        fig = benchmark_plots.alone_and_paired({"a": interval(one)}, {"b": pair})
        words = fig.axes[1].texts[0].get_text()
        assert words == f"{pair.value:.3f}  [{pair.low:.3f}, {pair.high:.3f}]"

    def test_slips_wordings_and_protocols_are_drawn(self, run: Outcome) -> None:
        samples: list[Sample] = list(scenes(N, "heldout"))
        found = benchmark_studies.broken(run.out, plan_in(run), samples, [0, 1])
        fig = benchmark_plots.slips(found)
        assert f"{found.failed[1]:.0%} empty" in fig.axes[0].texts[0].get_text()
        ends = interval(benchmark_studies.counts_of(run.out))
        lots = RNG.normal(0.6, 0.01, 100)
        fig = benchmark_plots.wording_spread(lots, [0.59, 0.61], ends)
        assert f"the same {ends.units} scenes" in fig.axes[0].get_title("left")
        fig = benchmark_plots.two_protocols({"nothing": (0.0, 0.11)})
        assert [t.get_text() for t in fig.axes[0].texts] == ["0.000", "0.110"]
