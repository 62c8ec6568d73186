"""The command `dibiendong`: what a person at the keyboard does with the system."""

from infra.tools.cli.app import main

__all__ = ["main"]
