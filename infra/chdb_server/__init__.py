"""Serves chDB, ClickHouse's engine as a library, behind ClickHouse's HTTP interface."""
