"""The examples that the coder learns from can be read by a person and by the program, and what is wrong is told."""

import pytest

from alongside.coding import commands
from alongside.coding.voices import read_second, read_voice

GOOD = """
# A voice: plain, sixty.
@ the-letter
< They cut my hours.
> Two blows in one day. | What happened first?
= reflection-complex | question-open
+ er0 ip2 ex2
> ok
= facilitate
"""


def test_a_reply_is_read_with_its_line_its_clauses_and_its_levels():
    """Several replies may follow one line; levels may be left out."""
    examples, faults = read_voice(GOOD, "v.txt", "plain")
    assert faults == ()
    first, second = examples
    assert (first.voice, first.conversation, first.previous) == ("plain", "the-letter", "They cut my hours.")
    assert [clause.text for clause in first.clauses] == ["Two blows in one day.", "What happened first?"]
    assert first.text == "Two blows in one day. What happened first?"
    assert first.codes == {"reflection-complex", "question-open"}
    assert first.levels == (0, 2, 2)
    assert second.levels is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("> Hello\n= small-talk", "under a conversation"),
        ("@ a\n< b\n> c", "has no codes"),
        ("@ a\n< b\n> c\n= nonsense", "no code called nonsense"),
        ("@ a\n< b\n> c | d\n= support", "2 parts and the codes have 1"),
        ("@ a\n< b\n> c |\n= support | support", "is empty"),
        ("@ a\n< b\n> c\n= support\n+ er3 ip0 ex0", "each 0, 1 or 2"),
        ("@ a\n< b\n= support", "stand under a reply"),
        ("@ a\nhello", "starts with one of"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_rest_is_read(rows, said):
    """So that a trainer can mend it."""
    examples, faults = read_voice(f"{rows}\n@ next\n< x\n> y\n= support\n", "v.txt", "v")
    assert [fault for fault in faults if said in fault.message]
    assert all(fault.line > 0 for fault in faults)
    assert examples[-1].text == "y"


def test_a_second_readers_faults_are_told_and_two_readers_are_held_together(tmp_path, monkeypatch, capsys):
    """Where there is no such file, there is nothing wrong with it."""
    assert read_second(tmp_path) == ((), ())
    folder = tmp_path / "course" / "coding"
    (folder / "voices").mkdir(parents=True)
    text = "@ talk\n< I fell.\n> You fell. | What now?\n= reflection-simple | question-open\n"
    (folder / "voices" / "one.txt").write_text(text, encoding="utf-8")
    (folder / "second-reader.txt").write_text(text.replace("-simple", "-complex"), encoding="utf-8")
    monkeypatch.setattr(commands, "course_root", lambda: tmp_path)
    assert commands.coding(["agreement"]) == 0
    assert "2 clauses, all codes the same in 50%" in capsys.readouterr().out
    (folder / "second-reader.txt").write_text(text.replace("reflection-simple", "odd"), encoding="utf-8")
    assert [fault.line for fault in read_second(tmp_path)[1]] == [3]
    assert commands.coding(["agreement"]) == 1
    assert "mend" in capsys.readouterr().out
