"""The scanner sees what the engine's own lexer sees."""

import pytest

from infra.chdb_server.tokens import tokens


def words(sql: str) -> list[bytes]:
    return [token.word for token in tokens(sql.encode()) if token.word]


@pytest.mark.parametrize(
    "hidden",
    [
        "'SECRET'",
        "'it''s SECRET'",
        "'it\\'s SECRET'",
        "$$SECRET$$",
        "$tag$ SECRET $$ SECRET $tag$",
        "`SECRET`",
        '"SECRET"',
        "‘it's SECRET’",
        "“SECRET”",
        "-- SECRET\n",
        "# SECRET\n",
        "#! SECRET\n",
        "// SECRET\n",
        "/* SECRET */",
        "/* outer /* inner */ SECRET */",
        "/* not closed SECRET",
    ],
)
def test_words_in_strings_names_and_comments_are_no_words(hidden: str) -> None:
    assert words(f"SELECT {hidden}") == [b"SELECT"]


def test_what_follows_a_closed_string_or_comment_is_seen() -> None:
    assert words("SELECT ‘'’ ; SET /* /* */ */ x # y\n, $a") == [
        b"SELECT",
        b";",
        b"SET",
        b"X",
        b",",
        b"$A",
    ]


def test_depth_counts_the_brackets_around() -> None:
    assert [token.depth for token in tokens(b"a (b [c] d) e")] == [0, 0, 1, 1, 2, 1, 1, 0, 0]
