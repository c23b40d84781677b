"""The longest stretch of a sentence that stands in the library as it is."""

from __future__ import annotations

from searchapp.engines.base import Reader
from searchapp.query.ast import Phrase
from searchapp.services.quote_check.values import Span
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import is_punctuation

_PROBE_SHARE = 2


def longest_stretch(reader: Reader, text: str, least: int) -> Span | None:
    """The span of the first of the longest stretches of ``text`` that stand in the blocks searched by default.

    ``least``: the fewest normalized characters of a stretch that counts; punctuation at its ends is left out. Asks for
    one stretch after the other, and passes over all that hold a part that stands nowhere.
    """
    normal = normalize_with_map(text)
    size = len(normal.text)
    begin, best, found = 0, least - 1, None
    while begin + best < size:
        end = begin + best + 1
        probe = end - least // _PROBE_SHARE
        if not _stands(reader, normal.text[probe:end]):
            begin = probe + 1
        elif not _stands(reader, normal.text[begin:end]):
            begin += 1
        else:
            while end < size and _stands(reader, normal.text[begin : end + 1]):
                end += 1
            best, found = end - begin, (begin, end)
            begin += 1
    if found is None:
        return None
    begin, end = found
    while begin < end and is_punctuation(normal.text[begin]):
        begin += 1
    while end > begin and is_punctuation(normal.text[end - 1]):
        end -= 1
    return normal.original_span(begin, end) if end - begin >= least else None


def _stands(reader: Reader, text: str) -> bool:
    return reader.count(Phrase(text, text)).paragraphs > 0
