"""A graded quiz made ready to give out, without its key."""
