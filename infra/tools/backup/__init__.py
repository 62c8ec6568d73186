"""Copies of a running system, and a system made of one, with nothing lost between them."""
