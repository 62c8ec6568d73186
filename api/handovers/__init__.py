"""Hand-overs: a trace becomes one list per commune, with a receipt, a deadline and numbered revisions; each step is an event."""
