"""The local ClickHouse: chDB, ClickHouse's engine as a library, served behind ClickHouse's HTTP interface."""
