"""Holds what the doors and a replay hand each other: request, directory of the job, result.

A replay judges the journal again, as another policy would have decided.
"""
