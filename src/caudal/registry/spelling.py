"""How well a typed word answers a written one: pure judgments over plain words (lower case, no accents)."""

from collections.abc import Collection, Mapping, Sequence, Set
from typing import Final

# a whole word above its beginning, and both above a slip; two good words are worth more than one perfect
WHOLE: Final = 100
BEGINNING: Final = 90
SLIP: Final = 70
SLIP_AT_FIRST: Final = 62
# words such as «de», «la», «s» are in half of the names: they order, they do not decide
SHORT: Final = 2


def is_one_slip(*, typed: str, written: str) -> bool:
    """Whether one letter too many, too few, changed, or swapped with its neighbor makes one of the other."""
    shorter, longer = sorted((typed, written), key=len)
    if len(longer) - len(shorter) > 1 or typed == written:
        return False
    start = 0
    while start < len(shorter) and shorter[start] == longer[start]:
        start += 1
    rest, other = shorter[start:], longer[start:]
    if len(rest) < len(other):
        return rest == other[1:]
    return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])


def weights(*, typed: str, words: Collection[str], slips: Collection[str] = ()) -> dict[str, int]:
    """How much each of these words answers the typed one; those that do not are left out."""
    found = {word: WHOLE if word == typed else BEGINNING for word in words if word.startswith(typed)}
    for word in slips:
        if word not in found and is_one_slip(typed=typed, written=word):
            found[word] = SLIP if word[:1] == typed[:1] else SLIP_AT_FIRST
    return found


def score(*, asked: Sequence[Mapping[str, int]], words: Set[str]) -> int:
    """What a document is worth: for every word asked, its best answer. A written word answers one asked word."""
    total, used = 0, set[str]()
    for each in asked:
        free = (each.keys() & words) - used
        if free:
            word = max(free, key=each.__getitem__)
            total += each[word]
            used.add(word)
    return total
