"""Written answers marked by the levels of their rubric: what was chosen, where it is kept, and the page for it."""
