"""Pickles with a program in them do nothing, and say so in one line."""

from __future__ import annotations

import contextlib
import copyreg
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from t4s_lib.sources.errors import DataError
from t4s_lib.sources.safe_pickle import load_plain_pickle

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Runs:
    """Pickles as a call of a function."""

    def __init__(self, function: Callable[..., Any], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def refusal(folder: Path, content: bytes) -> str:
    file = folder / "refs(unc).p"
    file.write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_plain_pickle(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)
    return str(caught.value)


@settings(max_examples=50)
@given(plain, st.integers(0, pickle.HIGHEST_PROTOCOL))
def test_plain_values_come_back(
    tmp_path_factory: pytest.TempPathFactory, value: object, protocol: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "plain.p"
    file.write_bytes(pickle.dumps(value, protocol))
    assert load_plain_pickle(file) == value


def test_a_pickle_of_python_2_is_read(tmp_path: Path) -> None:
    file = tmp_path / "old.p"
    file.write_bytes(b"(lp0\n(dp1\nS'sent'\np2\nS'caf\\xe9'\np3\nsa.")
    assert load_plain_pickle(file) == [{"sent": "café"}]
    file.write_bytes(b"\x80\x02]q\x00U\x04caf\xe9q\x01a.")
    assert load_plain_pickle(file) == ["café"]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_that_would_write_a_file_does_not(
    tmp_path: Path, protocol: int
) -> None:
    flag = tmp_path / "flag"
    content = pickle.dumps(Runs(Path.touch, flag), protocol)
    assert "refused, only plain lists" in refusal(tmp_path, content)
    command = pickle.dumps(Runs(os.system, f"touch {flag}"), protocol)
    assert f"asks for {os.name}.system: refused" in refusal(tmp_path, command)
    code = pickle.dumps(Runs(eval, f"open({str(flag)!r}, 'w')"), protocol)
    assert ".eval: refused" in refusal(tmp_path, code)
    assert not flag.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(ios\nsystem\n.",
        b"(cos\nsystem\no.",
        b"\x80\x04\x8c\x02os\x8c\x06system\x93.",
        b"\x80\x02cos\nsystem\n)\x81.",
        b"\x80\x04cbuiltins\neval\n)}\x92.",
    ],
)
def test_every_way_to_name_a_function_is_refused(
    tmp_path: Path, content: bytes
) -> None:
    message = refusal(tmp_path, content)
    assert "os.system: refused" in message or "builtins.eval: refused" in message


def test_even_harmless_classes_are_refused(tmp_path: Path) -> None:
    assert "asks for collections.OrderedDict" in refusal(
        tmp_path, b"ccollections\nOrderedDict\n."
    )


def test_outside_objects_are_refused(tmp_path: Path) -> None:
    assert "asks for the outside object '7'" in refusal(tmp_path, b"P7\n.")
    assert "asks for the outside object 5" in refusal(tmp_path, b"K\x05Q.")


@pytest.fixture
def extension() -> Iterator[int]:
    copyreg.add_extension("os", "system", 240)
    yield 240
    copyreg.remove_extension("os", "system", 240)


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(
    "code", [b"\x82\xf0", b"\x83\xf0\x00", b"\x84\xf0\x00\x00\x00"]
)
def test_extension_codes_are_refused_even_from_the_cache(
    tmp_path: Path, extension: int, cached: bool, code: bytes
) -> None:
    flag = tmp_path / "flag"
    if cached:
        assert pickle.loads(b"\x80\x02\x82\xf0.") is os.system
    call = b"\x80\x02" + code + b"(X" + len(f"touch {flag}").to_bytes(4, "little")
    message = refusal(tmp_path, call + f"touch {flag}".encode() + b"tR.")
    assert "refused" in message
    assert not flag.exists()


def test_plain_values_come_back_with_a_full_extension_cache(
    tmp_path: Path, extension: int
) -> None:
    assert pickle.loads(b"\x80\x02\x82\xf0.") is os.system
    (tmp_path / "a.p").write_bytes(pickle.dumps([1, 2]))
    assert load_plain_pickle(tmp_path / "a.p") == [1, 2]


def test_an_unknown_extension_is_one_line(tmp_path: Path) -> None:
    assert "is cut off or not a pickle" in refusal(tmp_path, b"\x80\x02\x82\xf1.")


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"<html></html>", b"\x80\x09.", b"]}b.", b"]R.", b"0.", b"\xff"],
)
def test_garbage_is_one_line(tmp_path: Path, content: bytes) -> None:
    assert "is cut off or not a pickle: " in refusal(tmp_path, content)


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_cut_off_file_is_one_line_wherever_it_is_cut(
    tmp_path: Path, protocol: int
) -> None:
    whole = pickle.dumps([{"ref_id": 1, "sent": "the cat", "box": [1.5, 2]}], protocol)
    for length in range(len(whole)):
        refusal(tmp_path, whole[:length])


@settings(max_examples=60)
@given(st.binary(max_size=60))
def test_random_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "random.p"
    file.write_bytes(content)
    with contextlib.suppress(DataError):
        load_plain_pickle(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"a\.p is not a file"):
        load_plain_pickle(tmp_path / "a.p")
