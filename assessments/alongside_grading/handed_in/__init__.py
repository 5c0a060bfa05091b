"""What came in: archives judged before they are opened, hand-ins brought to nbgrader's folders, and read as data."""
