"""nbgrader's side of the course: what is handed in as data, the marks, what is given out, and where all of it lies.

Imports `alongside` and nothing else of the course. nbgrader itself is imported only by the modules that nbgrader loads.
"""
