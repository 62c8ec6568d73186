"""`python -m infra.local.avro_form`: says at set-up what a machine without a C compiler goes without."""

import sys

from schemas.avro_form import FORM

SLOWER = """\
Avro is read and written by Python alone, which is as right and takes four times as long.
For more speed install a C compiler and the headers of Python, and run 'make clean setup'.
"""


def main() -> None:
    if FORM == "python":
        sys.stderr.write(SLOWER)


if __name__ == "__main__":
    main()
