"""What comes of marks: a page for each learner, and files for Canvas, Moodle and spreadsheets."""
