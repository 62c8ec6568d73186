"""Read models and state, made again from the log and held against it."""
