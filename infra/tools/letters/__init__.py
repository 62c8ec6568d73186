"""Dead letters, for operators: found, read as far as they can be, and settled."""
