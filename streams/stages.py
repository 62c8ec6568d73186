"""The stages of the path, in the order in which a record passes them."""

STAGES = ("link", "identify", "screen", "project")
