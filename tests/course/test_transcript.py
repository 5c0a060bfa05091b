from alongside.roleplay import play
from alongside.transcript import transcript

SHORT = """\
A talk
A practice conversation from Small. Alex is made up.

The room is empty.
Alex: It has been a week.
(Alex may be thinking: say nothing clever.)

You: It sounds like a long one.
    Strong. It says back what was heard.

Alex: It was the letter.

The conversation ends here.
"""


def test_a_talk_that_ended_reads_as_it_was(catalog, words):
    """Who said what, what they may have thought, and how each reply landed."""
    talk = catalog.module("first").scenarios["talk"]
    turns = play(talk, [talk.start.replies[1].id])
    assert transcript(talk, turns, catalog.course, words["roleplay"]) == SHORT


def test_a_talk_under_way_does_not_say_that_it_has_ended(catalog, words):
    """It stops at what was heard last."""
    talk = catalog.module("first").scenarios["talk"]
    text = transcript(talk, play(talk, [talk.start.replies[0].id]), catalog.course, words["roleplay"])
    assert text.endswith("Alex: If you say so.\n")
    assert words["roleplay"]["ended"] not in text
