"""A scanner of ClickHouse's SQL: enough to tell words from strings, quoted names and comments, never more."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    rb"""
    (?P<space>\s+ | --[^\n]* | \#[\ !][^\n]* | //[^\n]*)
  | (?P<comment>/\*)
  | (?P<text>'(?:[^'\\]|\\.|'')*' | \xe2\x80\x98.*?\xe2\x80\x99 | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
  | (?P<quoted>`(?:[^`\\]|\\.|``)*` | "(?:[^"\\]|\\.|"")*" | \xe2\x80\x9c.*?\xe2\x80\x9d)
  | (?P<word>[A-Za-z_$][\w$]*)
  | (?P<number>\d\w*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
COMMENT_EDGE = re.compile(rb"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL that means something. `word` is upper case, and empty for anything but a bare word or a sign."""

    word: bytes
    start: int
    end: int
    depth: int


def tokens(sql: bytes) -> Iterator[Token]:
    """Every token but space and comments, with how many brackets are open around it."""
    depth = position = 0
    while match := TOKEN.match(sql, position):
        kind, position = match.lastgroup, match.end()
        if kind == "comment":
            position = comment_end(sql, position)
        if kind in {"space", "comment"}:
            continue
        word = match.group().upper() if kind in {"word", "sign"} else b""
        if word in {b")", b"]", b"}"}:
            depth -= 1
        yield Token(word, match.start(), match.end(), depth)
        if word in {b"(", b"[", b"{"}:
            depth += 1


def comment_end(sql: bytes, position: int) -> int:
    """Comments nest. One that is not closed reaches to the end, where the engine finds its fault."""
    depth = 1
    for edge in COMMENT_EDGE.finditer(sql, position):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)
