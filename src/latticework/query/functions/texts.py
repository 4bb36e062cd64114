"""Functions of texts."""

from latticework.query.function import function


@function
def initials(text: str) -> str:
    """First letter of each word.

    = initials("net revenue retention") → "NRR"
    = initials("") → ""
    """
    return "".join(word[0] for word in text.split()).upper()


@function
def length(text: str) -> int:
    """How many characters a text has.

    = length("Night ferry") → 11
    """
    return len(text)


@function
def words(text: str) -> int:
    """How many words a text has.

    = words("one night ferry") → 3
    """
    return len(text.split())


@function
def lower(text: str) -> str:
    """The text in small letters.

    = lower("Night Ferry") → "night ferry"
    """
    return text.lower()
