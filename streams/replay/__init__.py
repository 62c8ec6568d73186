"""A past period judged again from the journal, beside the path: `python -m streams.replay`."""
