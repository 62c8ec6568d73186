"""`python -m infra.stack.avro_form`: says at set-up what a machine without a C compiler goes without."""

import sys

from schemas.contract.avro_form import FORM, WHY

SLOWER = """\
Avro is read and written by Python alone, which is as right and takes five times as long ({why}).
For more speed install a C compiler and the headers of Python, and set up again with 'rm .venv/.project-*; make setup'.
"""


def main() -> None:
    if FORM == "python":
        sys.stderr.write(SLOWER.format(why=WHY))


if __name__ == "__main__":
    main()
