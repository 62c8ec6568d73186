"""Changes a stage, or the doors, as CHAOS_CHANGES names it.

Python imports this module before the stage starts when its directory comes first in PYTHONPATH.
"""

import os
import sys

names = os.environ.get("CHAOS_CHANGES", "").split()
if names and "streams" in sys.orig_argv:
    from tests.chaos.changes import CHANGES

    for name in names:
        if name in CHANGES:
            CHANGES[name]()
if names and "api" in sys.orig_argv:
    from tests.chaos.door_changes import DOOR_CHANGES

    for name in names:
        if name in DOOR_CHANGES:
            DOOR_CHANGES[name]()
