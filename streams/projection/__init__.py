"""Says which columns of which table an event fills: one file per kind of fact, pure."""
