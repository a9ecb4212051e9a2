"""A batch read word by word, once for all language detectors: each word's classes, where it stands, what runs of words say.

Everything that depends on the word alone is kept from text to text (`_Memory`), so that a word met again costs one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from analysis.lexicon import END, OPEN, STOPS, TOKEN, Lexicon, Trie, lexicon, names
from analysis.scan import Batch, lowered

KEPT = 200_000

GIVEN, DOUBTFUL, FAMILY, CAPITAL, STOP, OTHER, LOWER_NAME, NUMBER = (1 << at for at in range(150, 158))
NAMES = GIVEN | DOUBTFUL | FAMILY
NOT_LOWER = 5


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of one word as written: its number in the memory, lower case, classes, phrases it may begin."""

    number: int
    lower: str
    bits: int
    phrase: Trie | None


class _Memory(dict[str, Word]):
    """Words as written, each looked up once; emptied when it has grown too large."""

    def __init__(self, lists: Lexicon) -> None:
        super().__init__()
        self.lists = lists
        self.made: list[Word] = []
        self.not_name = lists.bit["people.not_names"]
        self.doubt = lists.bit["people.doubtful_names"]

    def __missing__(self, token: str) -> Word:
        lower = lowered(token).replace("’", "'")
        bits = self.lists.of(lower)
        phrase = self.lists.phrases.get(lower)
        word = Word(
            len(self.made), lower, bits | self._form(token, lower, bits), phrase if isinstance(phrase, dict) else None
        )
        self.made.append(word)
        self[token] = word
        return word

    def _form(self, token: str, lower: str, bits: int) -> int:
        if not token[0].isalnum():
            return STOP if token[0] in STOPS else OTHER
        if token[0].isdigit():
            return NUMBER
        found = CAPITAL if token[0].isupper() else 0
        if bits & self.not_name:
            return found
        base = _base(lower)
        given = names("given").get(base)
        if given is not None:
            found |= DOUBTFUL if given or bits & self.doubt else GIVEN
            if not found & CAPITAL and not given and not bits & ~self.doubt and len(base) > 2 and _plain_name(base):
                found |= LOWER_NAME
        if base in names("family") or (base.endswith(_FAMILY_ENDINGS) and found & CAPITAL and len(base) > 5):
            found |= FAMILY
        return found


_FAMILY_ENDINGS = (
    "sen",
    "gaard",
    "gård",
    "skov",
    "strup",
    "lund",
    "holm",
    "toft",
    "berg",
    "bjerg",
    "borg",
    "dahl",
    "ager",
    "kjær",
)


def _base(lower: str) -> str:
    """A name without the ending of the genitive ("emils", "jens'"), where the list does not hold it whole."""
    given = names("given")
    if lower in given or lower in names("family"):
        return lower
    for ending in ("'s", "'", "s"):
        if lower.endswith(ending) and lower[: -len(ending)] in given:
            return lower[: -len(ending)]
    return lower


@cache
def _plain() -> frozenset[str]:
    return frozenset(name for name, common in names("given").items() if not common and len(name) > 2)


def _plain_name(base: str) -> bool:
    return base in _plain()


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or phrase of one or more classes: tokens [at, end) of a text."""

    at: int
    end: int
    bits: int


class Reading:
    """One text as tokens. `bits` per token hold a phrase's classes too, on its first token; `all` is their union."""

    __slots__ = ("_spans", "_text", "all", "bits", "marks", "tokens", "words")

    def __init__(self, text: str, tokens: Sequence[str], words: Sequence[Word]) -> None:
        self._text = text
        self._spans: list[tuple[int, int]] | None = None
        self.tokens = tokens
        self.words = words
        self.bits = [word.bits for word in words]
        self.marks: list[Mark] = []
        for at, word in enumerate(words):
            if word.phrase is not None:
                self._follow(at, word.phrase)
        union = 0
        for bits in self.bits:
            union |= bits
        for mark in self.marks:
            union |= mark.bits
        self.all = union

    def _follow(self, at: int, node: Trie) -> None:
        words, end, size = self.words, at + 1, len(self.words)
        while end < size:
            ends = node.get(OPEN)
            if isinstance(ends, dict):
                self._open_ends(at, end, ends)
            step = node.get(words[end].lower)
            if not isinstance(step, dict):
                return
            node = step
            end += 1
            bits = node.get(END)
            if isinstance(bits, int):
                self.marks.append(Mark(at, end, bits))

    def _open_ends(self, at: int, end: int, ends: Trie) -> None:
        """The last word of a phrase that stands for all words that begin so."""
        for beginning, bits in ends.items():
            if isinstance(bits, int) and self.words[end].lower.startswith(beginning):
                self.marks.append(Mark(at, end + 1, bits))

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where each token stands in the text."""
        if self._spans is None:
            self._spans = [match.span() for match in TOKEN.finditer(self._text)]
        return self._spans

    def place(self, at: int, end: int) -> tuple[int, int]:
        """The span of tokens [at, end) in the text."""
        return self.spans[at][0], self.spans[end - 1][1]

    def having(self, bit: int) -> list[Mark]:
        """Words and phrases of any of these classes, in order."""
        found = [Mark(at, at + 1, bits & bit) for at, bits in enumerate(self.bits) if bits & bit]
        found += [mark for mark in self.marks if mark.bits & bit]
        found.sort(key=lambda mark: mark.at)
        return found


_memory: _Memory | None = None
_read: WeakKeyDictionary[Batch, list[Reading]] = WeakKeyDictionary()


def memory() -> _Memory:
    """The words met so far in this process."""
    global _memory  # noqa: PLW0603 one memory a process is the point
    if _memory is None or len(_memory) > KEPT:
        _memory = _Memory(lexicon())
    return _memory


def readings(batch: Batch) -> list[Reading]:
    """Every text of the batch read, made once however many detectors ask."""
    found = _read.get(batch)
    if found is None:
        found = _read[batch] = list(_read_all(batch))
    return found


def read(text: str) -> Reading:
    """One text alone."""
    tokens = TOKEN.findall(text.replace("\x00", " "))
    known = memory()
    return Reading(text, tokens, [known[token] for token in tokens])


def _read_all(batch: Batch) -> list[Reading]:
    texts = [text.text.replace("\x00", " ") for text in batch]
    tokens = TOKEN.findall("\x00".join(texts))
    words = list(map(memory().__getitem__, tokens))
    made, start = [], 0
    for text in texts:
        end = _next_end(tokens, start)
        made.append(Reading(text, tokens[start:end], words[start:end]))
        start = end + 1
    return made


def _next_end(tokens: list[str], start: int) -> int:
    try:
        return tokens.index("\x00", start)
    except ValueError:
        return len(tokens)
