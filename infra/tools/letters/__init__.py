"""Dead letters, for those who look after the system: found, read as far as they can be, and settled."""
