"""Words that a viewer types, as a query of the search index."""

from __future__ import annotations

from data.queries.reader import Reader


def match(words: str) -> str:
    """The words as FTS5 takes them: each must stand in the text, its own signs are quoted; "" where there is none."""
    return " ".join(f'"{word}"' for word in words.replace('"', " ").replace("\0", " ").split())


def is_rare(reader: Reader, words: str) -> bool:
    """Whether so few messages hold all the words that it is cheapest to begin with those; False for no words."""
    asked = match(words)
    if not asked:
        return False
    held = reader.number(
        "SELECT count(*) FROM (SELECT 1 FROM messages_fts WHERE messages_fts MATCH ? LIMIT ?)",
        (asked, reader.common + 1),
    )
    return held <= reader.common
