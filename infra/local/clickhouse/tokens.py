"""A scanner of ClickHouse's SQL: enough to tell words from strings, quoted names and comments, never more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    rb"""
    (?P<space>\s+ | --[^\n]* | \#[\ !][^\n]* | //[^\n]* | /\*.*?\*/)
  | (?P<text>'(?:[^'\\]|\\.|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
  | (?P<quoted>`(?:[^`\\]|\\.|``)*` | "(?:[^"\\]|\\.|"")*")
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d\w*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL that means something. `word` is upper case, and empty for anything but a bare word or a sign."""

    word: bytes
    start: int
    end: int
    depth: int


def tokens(sql: bytes, start: int = 0) -> Iterator[Token]:
    """Every token but space and comments, with how many brackets are open before it."""
    depth = 0
    for match in TOKEN.finditer(sql, start):
        kind = match.lastgroup
        if kind == "space":
            continue
        word = match.group().upper() if kind in {"word", "sign"} else b""
        if word in {b")", b"]", b"}"}:
            depth -= 1
        yield Token(word, match.start(), match.end(), depth)
        if word in {b"(", b"[", b"{"}:
            depth += 1
