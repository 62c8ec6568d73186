"""The command `dibiendong`: what a person at the keyboard does with the system."""

from infra.cli.app import main

__all__ = ["main"]
