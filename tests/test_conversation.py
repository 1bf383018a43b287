"""A talk about one picture: what is read again, in every family."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("trl")
from PIL import Image

from t4s_lib.models import FAMILIES, Backbone
from t4s_lib.models.conversation import encode_messages, encode_prompts
from t4s_lib.models.toys import toy
from t4s_lib.prompts import ask
from t4s_lib.segmenter import Segmenter

NAMES = [name for name in FAMILIES if name != "paligemma"]  # it takes one turn
PICTURE = Image.new("RGB", (30, 20), (200, 30, 30))
FIRST, LATER = "Where is the dog?", "What colour is it?"
ANSWER = "The mask is:\n<seg>dog *4\n others *4\n</seg>"


def talk_of(backbone: Backbone, remember: int | None = None) -> Any:
    return Segmenter(backbone, grid=2, max_new_tokens=6).conversation(PICTURE, remember)


def ids(backbone: Backbone, talk: Any, question: str) -> list[int]:
    """The tokens that a question would be read with."""
    batch = encode_messages(backbone, [talk.messages(question)])
    return list(batch["input_ids"][0].tolist())


@pytest.mark.parametrize("name", NAMES)
def test_the_second_prompt_begins_with_the_first_and_its_answer(name: str) -> None:
    from t4s_lib.conversation import Said

    backbone = toy(name)
    talk = talk_of(backbone)
    first = encode_prompts(backbone, [PICTURE], [FIRST])["input_ids"][0].tolist()
    assert ids(backbone, talk, FIRST) == first
    talk.turns.append(Said(FIRST, ANSWER))
    second = ids(backbone, talk, LATER)
    answer = backbone.tokenizer.encode(ANSWER, add_special_tokens=False)
    assert second[: len(first)] == first
    # A template may put a blank before the answer, which joins its first word.
    said = backbone.tokenizer.decode(second[len(first) :])
    assert said.lstrip().startswith(ANSWER)
    places = range(len(first), len(second) - len(answer))
    assert any(second[k : k + len(answer) - 1] == answer[1:] for k in places[:3])
    assert LATER in said
    assert second.count(_picture(backbone)) == first.count(_picture(backbone)) > 0


def _picture(backbone: Backbone) -> int:
    from t4s_lib.generation.decode import picture_tokens

    return next(iter(picture_tokens(backbone)))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_what_a_row_of_two_turns_trains(name: str) -> None:
    from t4s_lib.conversation import Said
    from t4s_lib.models.conversation import collator
    from t4s_lib.models.squash import side_of
    from t4s_lib.training.turn_rows import Turn, conversation

    backbone = toy(name)
    turns = [Turn(FIRST, ANSWER), Turn(LATER, "red")]
    row = conversation(PICTURE, turns, side_of(backbone.processor))
    trained = collator(backbone)([row])["input_ids"][0].tolist()
    talk = talk_of(backbone)
    talk.turns.append(Said(FIRST, ANSWER))
    read = ids(backbone, talk, LATER)
    assert trained[: len(read)] == read


@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl", "gemma3"])
def test_masks_and_words_take_turns(name: str) -> None:
    talk = talk_of(toy(name))
    found = talk.segment("the dog", refiner="nearest")
    assert found.mask.shape == (20, 30)
    assert found.answer == talk.turns[0].answer
    words = talk.ask(LATER)
    assert [turn.question for turn in talk.turns] == [ask("the dog"), LATER]
    assert talk.turns[1].answer == words
    assert talk.turns[1].prediction is None
    assert talk.turns[0].prediction is found


def test_the_first_answer_is_the_segmenters_own() -> None:
    segment = Segmenter(toy("llava"), grid=2, max_new_tokens=20)
    talk = segment.conversation(PICTURE)
    assert talk.segment("the dog").answer == segment(PICTURE, "the dog").answer
    words, _ = segment.write([PICTURE], [LATER])
    assert segment.conversation(PICTURE).ask(LATER) == words[0]


def test_it_remembers_as_many_turns_as_it_should() -> None:
    backbone = toy("llava")
    lengths = {}
    for remember in (None, 2, 1, 0):
        talk = talk_of(backbone, remember)
        for question in ("one?", "two?", "three?"):
            talk.ask(question)
        asked = [
            "".join(part.get("text", "") for part in message["content"])
            for message in talk.messages("four?")
            if message["role"] == "user"
        ]
        lengths[remember] = asked
        pictures = [
            part["type"] for m in talk.messages("four?") for part in m["content"]
        ]
        assert pictures.count("image") == 1
        assert pictures[0] == "image"
    assert lengths == {
        None: ["one?", "two?", "three?", "four?"],
        2: ["two?", "three?", "four?"],
        1: ["three?", "four?"],
        0: ["four?"],
    }


def test_a_talk_that_remembers_nothing_answers_each_question_alone() -> None:
    segment = Segmenter(toy("llava"), grid=2, max_new_tokens=8)
    talk = segment.conversation(PICTURE, remember=0)
    talk.segment("the dog")
    assert talk.ask(LATER) == segment.conversation(PICTURE).ask(LATER)


def test_bad_questions_are_refused_and_leave_no_turn() -> None:
    talk = talk_of(toy("llava"))
    with pytest.raises(ValueError, match="question is ' ', expected words"):
        talk.ask(" ")
    with pytest.raises(ValueError, match="expression is '', expected words"):
        talk.segment("")
    with pytest.raises(ValueError, match="refiner"):
        talk.segment("the dog", refiner="none of these")
    with pytest.raises(ValueError, match="remember is -1, expected 0 or more"):
        talk_of(toy("llava"), -1)
    assert talk.turns == []


def test_a_talk_that_is_too_long_says_so() -> None:
    backbone = toy("llava")
    room = backbone.model.config.get_text_config().max_position_embeddings
    talk = talk_of(backbone)
    with pytest.raises(ValueError, match=rf"conversation has \d+ tokens.*than {room}"):
        talk.ask("dog " * room)
    assert talk.turns == []


def test_paligemma_reads_one_question() -> None:
    talk = talk_of(toy("paligemma"))
    talk.ask(FIRST)
    with pytest.raises(ValueError, match="has read one question already, expected"):
        talk.ask(LATER)
    again = talk_of(toy("paligemma"), remember=0)
    assert again.ask(FIRST) == again.ask(FIRST) == talk.turns[0].answer
