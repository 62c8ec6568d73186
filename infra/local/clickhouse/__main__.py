"""`python -m infra.local.clickhouse --host 127.0.0.1 --port N --path DIR` starts the local ClickHouse."""

import os

os.environ["TZ"] = "UTC"  # the engine takes its time zone from here, once, when it is loaded

from infra.local.clickhouse.server import main

main()
