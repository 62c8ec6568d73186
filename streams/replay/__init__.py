"""The replay: a past period is judged again from the journal, beside the path."""
