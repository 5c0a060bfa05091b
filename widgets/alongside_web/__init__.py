"""The web app: Voila's configuration for this course, its page template, and the commands that start it."""
