"""Scans ClickHouse's SQL: enough to tell words from strings, quoted names and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from infra.chdb_server.errors import refusal

TOKEN = re.compile(
    rb"""
    (?P<space>\s+ | --[^\n]* | \#[\ !][^\n]* | //[^\n]*)
  | (?P<comment>/\*)
  | (?P<opening>['`"] | \xe2\x80[\x98\x9c])
  | (?P<heredoc>\$\w*\$)
  | (?P<word>[A-Za-z_$][\w$]*)
  | (?P<number>\d\w*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
CLOSINGS = {
    b"'": re.compile(rb"(?:[^'\\]|\\.|'')*+'", re.DOTALL),
    b"`": re.compile(rb"(?:[^`\\]|\\.|``)*+`", re.DOTALL),
    b'"': re.compile(rb'(?:[^"\\]|\\.|"")*+"', re.DOTALL),
    b"\xe2\x80\x98": re.compile(rb".*?\xe2\x80\x99", re.DOTALL),
    b"\xe2\x80\x9c": re.compile(rb".*?\xe2\x80\x9d", re.DOTALL),
}
MAX_OPEN_HEREDOCS = 100
"""A mark without a second one is a word; each such mark costs a search to the end of the text."""
WORD = re.compile(rb"[A-Za-z_$][\w$]*")
COMMENT_EDGE = re.compile(rb"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SQL that means something."""

    word: bytes
    """Upper-case word or sign; empty for any other token."""
    start: int
    end: int
    depth: int


def tokens(sql: bytes) -> Iterator[Token]:
    """Yields every token but space and comments, with how many brackets are open around it.

    Raises ClickHouseError for a text with too many heredocs that are not closed.
    """
    depth = 0
    position = 0
    open_heredocs = 0
    while match := TOKEN.match(sql, position):
        kind = match.lastgroup
        position = match.end()
        if kind == "comment":
            position = _comment_end(sql, position)
        elif kind == "opening":
            position = _closing_end(sql, match.group(), position)
        elif kind == "heredoc":
            closing = sql.find(match.group(), position)
            if closing >= 0:
                position = closing + len(match.group())
            else:
                kind = "word"
                match = WORD.match(sql, match.start()) or match
                position = match.end()
                open_heredocs += 1
                _refuse_if_many(open_heredocs)
        if kind in {"space", "comment"}:
            continue
        word = match.group().upper() if kind in {"word", "sign"} else b""
        if word in {b")", b"]", b"}"}:
            depth -= 1
        yield Token(word, match.start(), position, depth)
        if word in {b"(", b"[", b"{"}:
            depth += 1


def _comment_end(sql: bytes, position: int) -> int:
    """Returns the end of a comment; comments nest.

    One that is not closed reaches to the end of the text, where the engine finds its fault.
    """
    depth = 1
    for edge in COMMENT_EDGE.finditer(sql, position):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def _closing_end(sql: bytes, opening: bytes, position: int) -> int:
    """Returns the end of a string or quoted name.

    One that is not closed reaches to the end of the text too, where the engine refuses it. To look
    from every quote anew would take for ever.
    """
    closing = CLOSINGS[opening].match(sql, position)
    return closing.end() if closing else len(sql)


def _refuse_if_many(open_heredocs: int) -> None:
    if open_heredocs > MAX_OPEN_HEREDOCS:
        raise refusal(
            "SYNTAX_ERROR", f"Syntax error (more than {MAX_OPEN_HEREDOCS} heredocs are not closed)"
        )
