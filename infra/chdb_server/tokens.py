"""A scanner of ClickHouse's SQL: enough to tell words from strings, quoted names and comments, never more."""

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
HEREDOCS_OPEN_MOST = 100
"""A mark that no second one answers is a word; each is looked for to the end of the text."""
WORD = re.compile(rb"[A-Za-z_$][\w$]*")
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
    depth = position = unanswered = 0
    while match := TOKEN.match(sql, position):
        kind, position = match.lastgroup, match.end()
        if kind == "comment":
            position = _comment_end(sql, position)
        elif kind == "opening":
            position = _closing_end(sql, match.group(), position)
        elif kind == "heredoc":
            found = sql.find(match.group(), position)
            if found < 0:
                match, kind = WORD.match(sql, match.start()) or match, "word"
                unanswered += 1
            position = found + len(match.group()) if found >= 0 else match.end()
            _refuse_if_many(unanswered)
        if kind in {"space", "comment"}:
            continue
        word = match.group().upper() if kind in {"word", "sign"} else b""
        if word in {b")", b"]", b"}"}:
            depth -= 1
        yield Token(word, match.start(), position, depth)
        if word in {b"(", b"[", b"{"}:
            depth += 1


def _comment_end(sql: bytes, position: int) -> int:
    """Comments nest. One that is not closed reaches to the end, where the engine finds its fault."""
    depth = 1
    for edge in COMMENT_EDGE.finditer(sql, position):
        depth += 1 if edge.group() == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def _closing_end(sql: bytes, opening: bytes, position: int) -> int:
    """What is not closed reaches to the end too: the engine refuses it, and looking from every quote anew would take for ever."""
    closing = CLOSINGS[opening].match(sql, position)
    return closing.end() if closing else len(sql)


def _refuse_if_many(unanswered: int) -> None:
    if unanswered > HEREDOCS_OPEN_MOST:
        raise refusal(
            "SYNTAX_ERROR", f"Syntax error (more than {HEREDOCS_OPEN_MOST} heredocs are not closed)"
        )
