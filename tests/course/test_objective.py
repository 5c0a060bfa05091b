"""A design page's objectives are read whole, or the author is told what is missing."""

from hypothesis import given

from alongside.objective import read_design
from tests.course.generated import pages
from tests.course.small import DESIGN


def test_an_objective_says_what_it_serves_and_where_it_stands():
    """Categories, domains, and the three places come out as they were written."""
    design, faults = read_design(DESIGN, "design.md")
    assert faults == ()
    (objective,) = design.objectives
    assert (objective.id, objective.text) == ("say-back", "Say back what one hears")
    assert (objective.samhsa, objective.icrc) == (("I", "IX"), ("mentoring-education",))
    assert objective.taught == ("The talk",)
    assert objective.practiced == ("talk", "heard", "a-time")
    assert objective.assessed == ("cut-off",)
    assert design.left_out == ("Everything else.",)


@given(text=pages())
def test_any_text_is_read_without_trouble(text):
    """Whatever an author types, they get objectives or are told that there are none."""
    design, faults = read_design(f"## Objectives\n\n{text}", "design.md")
    assert design.objectives or faults
