"""Changes a stage as CHAOS_CHANGES names it.

Python imports this module before the stage starts when its directory comes first in PYTHONPATH.
"""

import os
import sys

if "streams" in sys.orig_argv and os.environ.get("CHAOS_CHANGES"):
    from tests.chaos.changes import CHANGES

    for name in os.environ["CHAOS_CHANGES"].split():
        CHANGES[name]()
