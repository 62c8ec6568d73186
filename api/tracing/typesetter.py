"""Typesets a dossier: its values come as JSON on standard input, the PDF goes to standard output.

Typesetting is a program of its own, because Typst keeps what it worked out for the last ten
documents: in the doors that would be more than a gigabyte. The program imports no other module of
ours, so that it starts at once.
"""

import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("dossier.typ")


def main() -> None:
    """Writes the PDF. Its fonts come with Typst, so that every machine prints the same."""
    data = sys.stdin.buffer.read().decode()
    pdf = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
