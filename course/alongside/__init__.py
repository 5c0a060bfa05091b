"""The course's own rules: what the files mean, how a conversation goes, how an answer is marked.

Imports no Jupyter, no widgets and no nbgrader, so that the rules can be read, tested and reused alone.
"""
