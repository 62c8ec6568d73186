"""Which form reads and writes Avro of our own schemas: the compiled one where set-up could build it, else functions made in Python.

Tests hold both to the same: what one does, the other does.
"""

from typing import Literal

from schemas.contract.reading import ReadRecord
from schemas.contract.writing import WriteRecord

FORM: Literal["compiled", "python"]
WHY = ""
"""Why it is not the compiled one."""
try:
    from schemas.contract.compiled import record_reader, record_writer
except ImportError as missing:
    from schemas.contract.reading import record_reader
    from schemas.contract.writing import record_writer

    FORM, WHY = "python", str(missing)
else:
    FORM = "compiled"

__all__ = ["FORM", "WHY", "ReadRecord", "WriteRecord", "record_reader", "record_writer"]
