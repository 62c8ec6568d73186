"""Contact tracing: who may have been infected, by whom, where and when, with the evidence for each step. Reads ClickHouse only."""
