"""Changes a part of the stack as CHAOS_CHANGES names it.

Python imports this module before the part starts when its directory comes first in PYTHONPATH.
"""

import os
import sys
from importlib import import_module

TABLES = {
    "streams": ("tests.chaos.changes", "CHANGES"),
    "api": ("tests.chaos.door_changes", "DOOR_CHANGES"),
    "infra.clickhouse.migrate": ("tests.chaos.migration_changes", "MIGRATION_CHANGES"),
    "infra.stack.supervisord": ("tests.chaos.supervisor_changes", "SUPERVISOR_CHANGES"),
}
"""Each module that runs as a part, and the table of what can be changed in it."""

names = os.environ.get("CHAOS_CHANGES", "").split()
for part, (module, table) in TABLES.items():
    if names and part in sys.orig_argv:
        changes = getattr(import_module(module), table)
        for name in names:
            if name in changes:
                changes[name]()
