"""Recipes: everything that decides a training run, in one small YAML file.

    load_recipe("tiny")                      one that ships with the library
    load_recipe("my/recipe.yaml")            one of yours
    override(recipe, ["lora.r=16"])          the same with a change

A file may begin with ``extends: other.yaml`` and say only what is different there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from t4s_lib.training.specs import (
    LENGTHS,
    DataSpec,
    EvalSpec,
    LoraSpec,
    Recipe,
    is_endless,
)
from t4s_lib.training.typed import build, hints, require_known

__all__ = [
    "LENGTHS",
    "DataSpec",
    "EvalSpec",
    "LoraSpec",
    "Recipe",
    "is_endless",
    "load_recipe",
    "names",
    "override",
    "to_dict",
    "to_yaml",
]

_FOLDER = Path(__file__).parent.parent / "recipes"
_PARTS: dict[str, type] = {"lora": LoraSpec, "eval": EvalSpec}
_EXCLUSIVE = (LENGTHS, ("every_steps", "every_minutes"))


def names() -> tuple[str, ...]:
    """Names of the recipes that ship with the library.

    Examples:
        >>> "tiny" in names(), "res-llava-1.5-7b" in names()
        (True, True)
    """
    found = (path.stem for path in _FOLDER.glob("*.yaml"))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def load_recipe(name: str | Path) -> Recipe:
    """A recipe by its name, or from a file.

    Raises:
        ValueError: If there is none, or it says something that makes no sense; one
            line that names the file, the key, what was found and what was expected.

    Examples:
        >>> load_recipe("res-llava-1.5-7b").epochs
        5.0
        >>> load_recipe("tniy")
        Traceback (most recent call last):
        ValueError: recipe is 'tniy', expected a file or a name, e.g. 'tiny'; known
        are ...
    """
    path = _find(name)
    values = {"name": path.stem, **_read(path, ())}
    try:
        return build(Recipe, values)
    except ValueError as error:
        raise ValueError(f"recipe {path.name}: {error}") from None


def override(recipe: Recipe, changes: Iterable[str]) -> Recipe:
    """The recipe with some keys changed.

    Setting one of ``epochs``, ``steps`` and ``minutes`` unsets the other two.

    Args:
        recipe: What to change; stays as it is.
        changes: ``key=value`` each; a dot leads into a part (``lora.r=16``,
            ``data.0.passes=2``). The value is YAML and takes the type of its key.

    Raises:
        ValueError: If a key is unknown or a value does not fit.

    Examples:
        >>> short = override(load_recipe("tiny"), ["lora.r=16", "steps=20"])
        >>> short.lora.r, short.steps, short.minutes
        (16, 20, None)
        >>> override(short, ["lora.rank=8"])
        Traceback (most recent call last):
        ValueError: lora.rank is no key, expected e.g. lora.r; known are r, ...
    """
    values = to_dict(recipe)
    for change in changes:
        key, sign, text = change.partition("=")
        if not sign or not key.strip():
            raise ValueError(f"change is {change!r}, expected key=value, e.g. lr=1e-4")
        _put(values, key.strip().split("."), _parsed(text, change))
    return build(Recipe, values)


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """The recipe as plain values, to be saved beside a run.

    Examples:
        >>> recipe = load_recipe("tiny")
        >>> Recipe(**to_dict(recipe)) == recipe
        True
    """
    return {key: _plain(v) for key, v in dataclasses.asdict(recipe).items()}


def to_yaml(recipe: Recipe) -> str:
    """The recipe as the text of a file that ``load_recipe`` reads."""
    import yaml

    return yaml.safe_dump(to_dict(recipe), sort_keys=False, allow_unicode=True)


def _find(name: str | Path) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        for place in (path, _FOLDER / path.name):
            if place.is_file():
                return place
    elif str(name) in names():
        return _FOLDER / f"{name}.yaml"
    near = get_close_matches(path.stem, names(), n=1, cutoff=0.0)
    raise ValueError(
        f"recipe is {str(name)!r}, expected a file or a name, e.g. {near[0]!r}; "
        f"known are {', '.join(names())}"
    )


def _read(path: Path, below: tuple[Path, ...]) -> dict[str, Any]:
    """The values of a file, over those of the file that it extends."""
    import yaml

    if path.resolve() in below:
        raise ValueError(f"recipe {path.name} extends itself, expected another file")
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        said = " ".join(str(error).split())
        raise ValueError(f"recipe {path.name} is not YAML: {said}") from None
    if not isinstance(values, dict):
        raise ValueError(f"recipe {path.name} holds no keys, expected key: value")
    parent = values.pop("extends", None)
    if parent is None:
        return _merged({}, values)
    beside = path.parent / str(parent)
    base = beside if beside.is_file() else _find(str(parent))
    return _merged(_read(base, (*below, path.resolve())), values)


def _merged(base: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """New values over old ones, part by part; lists are replaced."""
    merged = dict(base)
    for group in _EXCLUSIVE:
        if any(new.get(key) is not None for key in group):
            merged = {key: v for key, v in merged.items() if key not in group}
    for key, value in new.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(old, value)
        else:
            merged[key] = value
    return merged


def _put(values: dict[str, Any], keys: list[str], value: Any) -> None:
    """Set the value of a dotted key, in place."""
    require_known(keys[0], list(hints(Recipe)))
    if len(keys) == 1:
        values.update(_merged(values, {keys[0]: value}))
        _unset_others(values, keys[0], value)
    elif keys[0] == "data":
        _put_source(values["data"], keys[1:], value)
    elif keys[0] in _PARTS and len(keys) == 2:
        part = _PARTS[keys[0]]
        require_known(keys[1], list(hints(part)), f"{keys[0]}.")
        values[keys[0]] = {**(values[keys[0]] or {}), keys[1]: value}
        _unset_others(values[keys[0]], keys[1], value)
    else:
        raise ValueError(f"{'.'.join(keys)} is no key, expected e.g. {keys[0]}")


def _put_source(sources: list[dict[str, Any]], keys: list[str], value: Any) -> None:
    places = [str(k) for k in range(len(sources))]
    if len(keys) != 2 or keys[0] not in places:
        raise ValueError(
            f"data.{'.'.join(keys)} is no key, expected data.N.key with N one of "
            f"{', '.join(places)}"
        )
    require_known(keys[1], list(hints(DataSpec)), f"data.{keys[0]}.")
    sources[int(keys[0])][keys[1]] = value


def _unset_others(values: dict[str, Any], key: str, value: Any) -> None:
    """Of keys that exclude one another the one set last counts."""
    for group in _EXCLUSIVE:
        if key in group and value is not None:
            values.update({other: None for other in group if other != key})


def _parsed(text: str, change: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise ValueError(
            f"change is {change!r}, expected a value that is YAML"
        ) from None


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple | list) else value
