"""What a reply in one's own words does for the other person: the codes, and the examples that show each."""
