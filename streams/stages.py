"""The stages of the path, for everything that starts or names them; it imports nothing heavy."""

STAGES = ("link", "identify", "screen", "project")
"""Stages in the order in which a fact goes through them."""
