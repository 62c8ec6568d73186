"""`python -m infra.stack.avro_form`: says at set-up what a machine without a C compiler lacks."""

import sys

from schemas.contract.avro_form import FORM, WHY

SLOWER = (
    "Avro is read and written by fastavro, which takes twenty to forty times as long ({why}).\n"
    "For more speed install a C compiler and the headers of Python,"
    " and set up again with 'rm .venv/.project-*; make setup'.\n"
)


def main() -> None:
    """Writes the message to standard error if the compiled form is missing."""
    if FORM == "fastavro":
        sys.stderr.write(SLOWER.format(why=WHY))


if __name__ == "__main__":
    main()
