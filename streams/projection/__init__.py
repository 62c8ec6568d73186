"""Which event fills which columns of which table: one file per kind of fact, pure."""
