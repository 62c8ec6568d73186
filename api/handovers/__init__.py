"""Hand-overs: a trace becomes one list per commune, with a receipt, a deadline and revisions.

Each step is an event.
"""
