"""Kills a migration at random moments until it is through, while the load goes on."""

import subprocess
import sys

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import dump_schema
from infra.environment import for_child
from infra.settings import CHECKOUT
from infra.tools.docs import GOLDEN_SCHEMA
from tests.chaos.rig import Rig

MIGRATE = [sys.executable, "-m", "infra.clickhouse.migrate"]
CUTS = 6


def migration_cut(rig: Rig) -> None:
    """Makes the tables of a database of its own; each run but the last is killed on its way."""
    live = rig.stack.settings
    own = live.model_copy(update={"clickhouse_database": f"cut_{rig.draw.randrange(10**9)}"})
    for _ in rig.load.steps(CUTS):
        process = subprocess.Popen(MIGRATE, env=for_child(own), cwd=CHECKOUT)
        rig.pause(0.6, 2.5)
        process.kill()
        process.wait()
    last = subprocess.run(
        MIGRATE, env=for_child(own), cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    rig.demand(last.returncode == 0, f"the migration does not go on: {last.stderr[-200:]}")
    with connect(own, "writer", timeout_s=60) as client:
        made = dump_schema(client)
        client.command(f"DROP DATABASE {own.clickhouse_database} SYNC")
    golden = GOLDEN_SCHEMA.read_text(encoding="utf-8")
    rig.demand(made == golden, "the tables are not those of an uncut migration")
