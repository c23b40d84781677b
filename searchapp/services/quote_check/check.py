"""The quote checker: sentence by sentence, whether a text is in the library, and how it differs where it is not.

Whether a sentence is found is decided by the engine's own phrase search, over every kind of block; likeness only
chooses what is shown of the rest. Rules and figures: docs/using/checking.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from searchapp.engines.base import Reader
from searchapp.errors import ReadError, RequestError
from searchapp.language import tr
from searchapp.query.ast import Phrase
from searchapp.search.request import Punct, SearchRequest
from searchapp.search.result import SearchResult
from searchapp.search.schema import ALL_KINDS
from searchapp.services.library import Library
from searchapp.services.quote_check.differences import (
    Wording,
    added,
    alters_number,
    block_wording,
    compared,
    similarity,
    whole_numbers,
    wording,
)
from searchapp.services.quote_check.nearest import least_similarity, nearest
from searchapp.services.quote_check.sentences import quotation_spans, sentence_spans
from searchapp.services.quote_check.values import (
    VERDICTS,
    CheckAnswer,
    CheckedSentence,
    Difference,
    Place,
    Span,
    Verdict,
)
from searchapp.text.normalize import normalize_with_map
from searchapp.text.punctuation import is_punctuation
from searchapp.time_limit import watched

SHORT_CHARACTERS = 4
"""A sentence of fewer characters, punctuation aside, stands somewhere by chance and is not judged."""

QUOTATION_CHARACTERS = 8
"""A quotation inside a sentence is checked by itself from this length on: shorter ones are terms (“四个意识”)."""

STRETCH_CHARACTERS = 12
"""A stretch of a sentence that stands exactly is told of from this length on."""

SHOWN_PLACES = 3

COMPARED_PLACES = 10
"""How many blocks, and stretches of each, are compared to find the fewest differences in punctuation."""


def check(library: Library, text: str, limit: int | None = None, places: int = SHOWN_PLACES) -> CheckAnswer:
    """Checks every sentence of ``text``; ``places``: the most blocks told of for each.

    Raises ``RequestError`` for a text of nothing but white space, and for one of over ``limit`` characters.
    """
    if limit is not None and len(text) > limit:
        raise RequestError(
            tr("文字有 {count:,} 字，一次最多核对 {limit:,} 字；请分几次核对", count=len(text), limit=limit)
        )
    sentences = tuple(checked(library, text, places))
    if not sentences:
        raise RequestError(tr("没有可核对的文字"))
    return answered(library, text, sentences)


def answered(library: Library, text: str, sentences: tuple[CheckedSentence, ...]) -> CheckAnswer:
    """The answer that ``sentences`` make."""
    counted = Counter(sentence.verdict for sentence in sentences)
    return CheckAnswer(library.build, text, sentences, {verdict: counted[verdict] for verdict in VERDICTS})


def checked(library: Library, text: str, places: int = SHOWN_PLACES) -> Iterator[CheckedSentence]:
    """The sentences of ``text`` one by one, for texts of any length. What is pasted twice is looked up once."""
    checker = _Checker(library, places)
    for begin, end in watched(sentence_spans(text)):
        yield _moved(checker.sentence(text[begin:end]), begin)


def _moved(sentence: CheckedSentence, by: int) -> CheckedSentence:
    """The sentence and what is inside it, ``by`` code points further on."""
    span = (sentence.span[0] + by, sentence.span[1] + by)
    return replace(sentence, span=span, inside=tuple(_moved(each, by) for each in sentence.inside))


class _Checker:
    """One text being checked. Spans of what it gives begin at the sentence's start."""

    def __init__(self, library: Library, places: int) -> None:
        self._library = library
        self._places = places
        self._known: dict[str, CheckedSentence] = {}
        self._judged: dict[str, CheckedSentence] = {}

    def sentence(self, text: str) -> CheckedSentence:
        """A sentence with what is inside it."""
        if text not in self._known:
            found = self._judge(text)
            if found.verdict in ("nearest", "absent"):
                found = replace(found, inside=self._inside(text, found.verdict))
            self._known[text] = found
        return self._known[text]

    def _inside(self, text: str, verdict: Verdict) -> tuple[CheckedSentence, ...]:
        """The quotations in a sentence; else, of an absent one, the longest stretch that stands exactly."""
        quotations = []
        for begin, end in quotation_spans(text):
            quoted = text[begin:end]
            if len(wording(quoted).blind) >= QUOTATION_CHARACTERS and end - begin < len(text):
                quotations.append(_moved(self._judge(quoted), begin))
        if quotations or verdict != "absent":
            return tuple(quotations)
        stretch = longest_stretch(self._library.reader, text, STRETCH_CHARACTERS)
        found = None if stretch is None else self._judge(text[slice(*stretch)])
        return () if stretch is None or found is None or found.verdict != "exact" else (_moved(found, stretch[0]),)

    def _judge(self, text: str) -> CheckedSentence:
        if text not in self._judged:
            self._judged[text] = self._judgement(text)
        return self._judged[text]

    def _judgement(self, text: str) -> CheckedSentence:
        words = wording(text)
        span = (0, len(text))
        if len(words.blind) < SHORT_CHARACTERS:
            return CheckedSentence(text, span, "short")
        if self._stands_but_for_punctuation(text):
            result = self._search(text, "exact", self._places)
            return self._exact(text, result) if result.total else self._differing_in_punctuation(text, words)
        like = nearest(self._library, words)
        if like is None or like.similarity < least_similarity(words):
            return CheckedSentence(text, span, "absent")
        stretch, differences = compared(words, like.wording, like.begin, like.end)
        return self._nearest(text, Place(like.located, stretch), differences, like.similarity)

    def _exact(self, text: str, result: SearchResult) -> CheckedSentence:
        """Found, unless it only ever stands inside of longer numbers."""
        places = tuple(Place(hit.located, hit.highlights[0]) for hit in result.hits)
        if text[0].isdecimal() or text[-1].isdecimal():
            whole = tuple(islice(self._places_of_whole_numbers(text), self._places))
            if not whole:
                first = places[0]
                block = first.located.block.text
                wider = Place(first.located, whole_numbers(block, first.span))
                differences = added(block, first.span, wider.span, len(text))
                return self._nearest(text, wider, differences, similarity(text, wider.text))
            places = whole
        span = (0, len(text))
        return CheckedSentence(text, span, "exact", places, result.total, result.counts.reports, similarity=1.0)

    def _places_of_whole_numbers(self, text: str) -> Iterator[Place]:
        for hit in self._library.reader.stream(_request(text, "exact")):
            for span in hit.highlights:
                if whole_numbers(hit.located.block.text, span) == span:
                    yield Place(hit.located, span)
                    break

    def _stands_but_for_punctuation(self, text: str) -> bool:
        """Whether any block holds ``text``, exactly or read without punctuation: asked first, as it costs the least."""
        return self._library.reader.counts(_request(text, "ignore")).paragraphs > 0

    def _search(self, text: str, punct: Punct, hits: int) -> SearchResult:
        return self._library.reader.search(replace(_request(text, punct), per_page=hits))

    def _differing_in_punctuation(self, text: str, words: Wording) -> CheckedSentence:
        """The places with the fewest differences come first."""
        result = self._search(text, "ignore", max(self._places, COMPARED_PLACES))
        found: list[tuple[Place, tuple[Difference, ...]]] = []
        for hit in result.hits:
            theirs = block_wording(hit.located.block)
            of_block = [compared(words, theirs, *theirs.blind_span(span)) for span in hit.highlights[:COMPARED_PLACES]]
            span, differences = min(of_block, key=lambda each: len(each[1]))
            found.append((Place(hit.located, span), differences))
        found.sort(key=lambda each: (_says_otherwise(text, *each), len(each[1])))
        first, differences = found[0]
        if _says_otherwise(text, first, differences):
            block = first.located.block.text
            wider = Place(first.located, whole_numbers(block, first.span))
            additions = added(block, first.span, wider.span, len(text))
            differences = tuple(sorted((*differences, *additions), key=lambda each: each.span))
            return self._nearest(text, wider, differences, similarity(text, wider.text))
        places = tuple(place for place, _ in found[: self._places])
        return CheckedSentence(
            text, (0, len(text)), "punctuation", places, result.total, result.counts.reports, differences, 1.0
        )

    def _nearest(
        self, text: str, first: Place, differences: tuple[Difference, ...], likeness: float
    ) -> CheckedSentence:
        """The nearest wording, and every block that has it: all are as near, and the first of them is the best one."""
        sentence = CheckedSentence(text, (0, len(text)), "nearest", (first,), 1, 1, differences, round(likeness, 4))
        stretch = self._search(first.text, "exact", self._places)
        if not stretch.total:  # marks stand inside the stretch
            return sentence
        others = [
            Place(hit.located, hit.highlights[0])
            for hit in stretch.hits
            if hit.located.paragraph_id != first.located.paragraph_id
        ]
        places = (first, *others)[: self._places]
        return replace(sentence, places=places, blocks=stretch.total, reports=stretch.counts.reports)


def _request(text: str, punct: Punct) -> SearchRequest:
    return SearchRequest(Phrase.of(text), kinds=ALL_KINDS, punct=punct)


def _says_otherwise(text: str, place: Place, differences: tuple[Difference, ...]) -> bool:
    """Whether a difference in punctuation alone makes another number of one."""
    block = place.located.block.text
    return alters_number(differences, text, block) or whole_numbers(block, place.span) != place.span


def draft_text(data: bytes, file: str) -> str:
    """The text of a file, a line for each paragraph, heading or table row; contents lists and page numbers left out.

    ``file``: its name, by whose extension it is read: any format that reports are read from. Raises ``ReadError`` for a
    file that cannot be read or is empty.
    """
    from searchapp.reports import read_report_file

    reading = read_report_file(data, file)
    text = "\n".join(block.text for report in reading.reports for block in report.blocks)
    if not text.strip():
        raise ReadError(file, "没有可核对的文字")
    return text


def plain_text(data: bytes, source: str) -> str:
    """``data`` as UTF-8; ``source`` is its name in messages. Raises ``ReadError`` for no such text, or none at all."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ReadError(source, f"不是 UTF-8 文字（第 {exc.start + 1} 个字节起）") from exc
    if "\0" in text:
        raise ReadError(source, "含有空字节，不是文字")
    if not text.strip():
        raise ReadError(source, "没有可核对的文字")
    return text


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
    return reader.counts(SearchRequest(Phrase(text, text))).paragraphs > 0
