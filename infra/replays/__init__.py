"""What another policy would have decided: the job that replays the journal, and what it hands over."""
