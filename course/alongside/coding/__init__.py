"""What a reply in a trainee's own words does for the other person: found offline, with where and how sure.

Coding never counts towards a grade, and nothing here sends or keeps a word. Only the standard library is needed.
"""
