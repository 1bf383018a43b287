"""Recipes: every shipped one loads, changes are typed, and errors name the key."""

import dataclasses
from pathlib import Path

import pytest

from t4s_lib.training.recipe import (
    LENGTHS,
    DataSpec,
    LoraSpec,
    Recipe,
    load_recipe,
    names,
    override,
    to_dict,
    to_yaml,
)

BACKBONES = (
    "deepseek-vl-1.3b",
    "deepseek-vl-7b",
    "llava-1.5-7b",
    "llava-1.5-13b",
    "qwen-vl-7b",
    "internvl2-8b",
)


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", names())
def test_every_shipped_recipe_loads_and_has_one_length(name: str) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert sum(getattr(recipe, key) is not None for key in LENGTHS) == 1
    assert recipe.source


def test_every_row_of_tables_1_to_5_has_a_recipe() -> None:
    rows = {f"{task}-{b}" for task in ("res", "gres") for b in BACKBONES}
    assert rows | {"vqa-llava-1.5-7b", "ovs-llava-1.5-7b"} <= set(names())


@pytest.mark.parametrize("backbone", BACKBONES)
def test_tables_1_to_3_have_the_authors_settings(backbone: str) -> None:
    res, gres = load_recipe(f"res-{backbone}"), load_recipe(f"gres-{backbone}")
    for recipe in (res, gres):
        assert recipe.lora is not None
        assert (recipe.lora.r, recipe.lora.alpha, recipe.lora.dropout) == (
            64,
            128,
            0.05,
        )
        everywhere = backbone.startswith("llava")
        assert recipe.lora.targets == (
            "all-linear" if everywhere else "language+projector"
        )
        assert (recipe.lr, recipe.batch, recipe.grid) == (2e-4, 128, 16)
    assert (res.epochs, gres.epochs) == (5, 2)
    assert gres.init == f"runs/res-{backbone}"
    assert gres.model == res.model


@pytest.mark.parametrize("backbone", ["qwen-vl-7b", "internvl2-8b"])
def test_a_stand_in_is_called_one(backbone: str) -> None:
    assert any(
        "stands in for" in words for words in load_recipe(f"res-{backbone}").differs
    )


def test_the_tiny_formats_differ_in_nothing_but_the_format() -> None:
    tiny = load_recipe("tiny")
    for name, codec in (("tiny-full", "full"), ("tiny-irle", "image-rle")):
        other = load_recipe(name)
        assert other.codec == codec
        different = {
            key for key, v in to_dict(other).items() if v != to_dict(tiny)[key]
        }
        assert different <= {"name", "title", "source", "codec"}


@pytest.mark.parametrize("name", ["tiny", "res-llava-1.5-7b", "vqa-llava-1.5-7b"])
def test_saved_and_read_again_it_is_the_same(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name)
    assert Recipe(**to_dict(recipe)) == recipe
    assert load_recipe(written(tmp_path, to_yaml(recipe))) == recipe


def test_a_recipe_extends_another_and_says_only_what_is_different(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "extends: tiny.yaml\nlora: {r: 4}\nsteps: 7\n")
    recipe, tiny = load_recipe(path), load_recipe("tiny")
    assert isinstance(recipe.lora, LoraSpec)
    assert recipe.lora == dataclasses.replace(tiny.lora or LoraSpec(), r=4)
    assert (recipe.steps, recipe.minutes, recipe.name) == (7, None, "mine")


def test_a_file_beside_it_comes_before_the_shipped_one(tmp_path: Path) -> None:
    written(tmp_path, "extends: tiny-ci.yaml\nlr: 5e-5\n", "tiny.yaml")
    child = written(tmp_path, "extends: tiny.yaml\n")
    # The shipped tiny-ci extends the shipped tiny, not the one beside the child.
    assert load_recipe(child).lr == 5e-5


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ("lora.r=16", "lora", 16),
        ("lr=1e-4", "lr", 1e-4),
        ("leak_filter=yes", "leak_filter", True),
        ("quantize=none", "quantize", None),
        ("quantize=4bit", "quantize", "4bit"),
        ("max_tokens=512", "max_tokens", 512),
        ("lora=null", "lora", None),
    ],
)
def test_a_change_takes_the_type_of_its_key(
    change: str, key: str, value: object
) -> None:
    changed = getattr(override(load_recipe("tiny"), [change]), key)
    assert (changed.r if isinstance(changed, LoraSpec) else changed) == value


def test_the_length_set_last_counts() -> None:
    recipe = override(load_recipe("tiny"), ["steps=5", "eval.every_steps=2"])
    assert (recipe.steps, recipe.minutes) == (5, None)
    assert recipe.eval is not None
    assert (recipe.eval.every_steps, recipe.eval.every_minutes) == (2, None)


def test_data_can_be_changed_in_part_or_named_anew() -> None:
    recipe = load_recipe("tiny")
    changes = ["data.0.count=100", "data.1.count=10", "epochs=2"]
    counted = override(recipe, changes)
    assert (counted.data[0].count, counted.epochs) == (100, 2)
    named = override(recipe, ["data=refcocog:umd:train"])
    assert named.data == (DataSpec("refcocog:umd:train"),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("lora.rank=8", "lora.rank is no key, expected e.g. lora.r; known are"),
        ("lernrate=1", "lernrate is no key, expected e.g."),
        ("lora.r=0", "lora.r is 0, expected 1 or more"),
        ("lora.targets=all", "lora.targets is 'all', expected one of language,"),
        ("lora.dropout=1", "lora.dropout is 1.0, expected 0 up to, but not, 1"),
        ("lr=fast", "lr is 'fast', expected a number"),
        ("lr=nan", "lr is 'nan', expected a number"),
        ("batch=15", "batch is 15, expected a multiple of per_device_batch, 16"),
        ("eval.n=2.5", "eval.n is 2.5, expected a whole number"),
        ("schedule=cos", "schedule is 'cos', expected one of cosine, linear, constant"),
        ("precision=half", "precision is 'half', expected one of fp32, bf16, fp16"),
        ("codec=rle", "codec is 'rle', expected one of full"),
        ("rule=mean", "rule is 'mean', expected one of nearest"),
        (
            "epochs=2",
            "epochs is 2.0, expected steps or minutes: scenes:synthetic:train",
        ),
        ("minutes=null", "length is set by none, expected exactly one of epochs,"),
        ("data=refcocog", "data.benchmark: benchmark 'refcocog' has not the form"),
        (
            "data.3.count=1",
            "data.3.count is no key, expected data.N.key with N one of 0",
        ),
        ("data.0.cuont=1", "data.0.cuont is no key, expected e.g. data.0.count"),
        ("model=", "model is nothing, expected a word"),
        ("leak_filter=maybe", "leak_filter is 'maybe', expected true or false"),
        ("steps", "change is 'steps', expected key=value"),
        ("lora=[", "change is 'lora=[', expected a value that is YAML"),
    ],
)
def test_a_bad_change_is_one_line_that_names_the_key(change: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        override(load_recipe("tiny"), [change])
    assert str(error.value).startswith(words)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: tiny.yaml\nlore: {r: 4}\n", "lore is no key, expected e.g. lora"),
        ("title: x\n", "source is missing, expected at least name, title, source"),
        ("- a\n", "holds no keys, expected key: value"),
        ("a: [\n", "is not YAML"),
        ("extends: mine.yaml\n", "extends itself"),
        ("extends: tiny.yaml\nquantize: 4bit\nlora: null\n", "quantize is '4bit'"),
        ("extends: tiny.yaml\nsteps: 3\nepochs: 1\n", "set by epochs and steps"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        load_recipe(written(tmp_path, text))
    assert str(error.value).startswith("recipe mine.yaml")
    assert words in str(error.value)


def test_an_unknown_name_names_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"e\.g\. 'res-llava-1\.5-7b'"):
        load_recipe("res-llava-7b")


def test_a_recipe_made_by_hand_is_checked_too() -> None:
    with pytest.raises(
        ValueError, match=r"^lora\.r is 'many', expected a whole number"
    ):
        LoraSpec(r="many")  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        LoraSpec().r = 3  # type: ignore[misc]
