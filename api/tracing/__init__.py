"""Contact tracing: who may have been infected, by whom, where and when, with the evidence.

It only reads ClickHouse.
"""
