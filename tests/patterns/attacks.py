"""Texts made to keep a regular expression busy, out of its own parse tree, and how its time grows with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from re import Pattern, _compiler, _constants, _parser
from typing import Any, NamedTuple

from tests.timing import processor_seconds

_ORDINARY = "?. \u3000一（1a。\n"
_ENDINGS = ("", "\n\ue000")
"""What a pattern can hardly match stands behind the repetition, so that it has to try everything before it gives up."""
_OF_CATEGORY = {
    _constants.CATEGORY_DIGIT: "1",
    _constants.CATEGORY_SPACE: " \u3000\n",
    _constants.CATEGORY_WORD: "a1一_",
    _constants.CATEGORY_NOT_DIGIT: "a",
    _constants.CATEGORY_NOT_SPACE: "a",
    _constants.CATEGORY_NOT_WORD: "?",
}
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_FEW = (8, 12, 16, 20, 24, 28, 32)
"""So few repetitions take long only where the time is exponential; the steps are small, that it is still bearable."""
_MANY = (64, 256, 1024, 4096)
_NOTICEABLE = 0.004
LOOKS = 4
_LINEAR = 8.0
"""The most that four times the text may cost: four times as much when time is linear, sixteen when it is quadratic."""

Nodes = Iterable[tuple[Any, Any]]


class Attack(NamedTuple):
    """``repeated`` any number of times between two others."""

    before: str
    repeated: str
    after: str

    def text(self, times: int) -> str:
        """The text with that many repetitions."""
        return self.before + self.repeated * times + self.after


def slowness(pattern: Pattern[Any], methods: Iterable[str]) -> str:
    """Which of the ``methods`` of a pattern takes more than linear time for which text; empty when none does."""
    for method in methods:
        for attack in attacks(pattern):
            if growth := _growth(_use(pattern, method), attack):
                return f"{method} of {pattern.pattern!r}: {growth} for {attack!r}"
    return ""


def attacks(pattern: Pattern[Any]) -> Iterator[Attack]:
    """Each repetition of the pattern over and over, alone and behind what stands before it, and ordinary characters."""
    begins = dict.fromkeys(_repetitions(_parser.parse(pattern.pattern, pattern.flags), ""))
    begins.update(dict.fromkeys(("", repeated) for _, repeated in list(begins)))
    begins.update(dict.fromkeys(("", character) for character in _ORDINARY))
    return (Attack(before, repeated, after) for before, repeated in begins for after in _ENDINGS)


def _use(pattern: Pattern[Any], method: str) -> Callable[[str], object]:
    function = getattr(pattern, method)

    def use(text: str) -> object:
        found = function(text.encode() if isinstance(pattern.pattern, bytes) else text)
        return deque(found, 0) if method == "finditer" else found

    return use


def _growth(use: Callable[[str], object], attack: Attack) -> str:
    """How fast time grows where that is faster than linear. The least of many times is the one without others' work."""
    for times in _FEW + _MANY:
        text = attack.text(times)
        seconds = processor_seconds(partial(use, text))
        if seconds > _NOTICEABLE and (seconds := _least_seconds(use, text)) > _NOTICEABLE:
            if times in _FEW:
                return f"{times} repetitions take {seconds:.3f} s"
            # Looked at again where it is too much: a busy machine is slow for one of the two.
            for _ in range(LOOKS):
                growth = _least_seconds(use, text) / _least_seconds(use, attack.text(times // 4))
                if growth <= _LINEAR:
                    return ""
            return f"{times} repetitions take {growth:.0f} times as long as a quarter"
    return ""


def _least_seconds(use: Callable[[str], object], text: str) -> float:
    return min(processor_seconds(partial(use, text)) for _ in range(7))


def _repetitions(nodes: Nodes, before: str) -> Iterator[tuple[str, str]]:
    """Samples of what is repeated anywhere in the nodes, each with a sample of what stands before it."""
    for operator, argument in nodes:
        if operator in _REPEATS and argument[1] > 1:
            repeated = [sample for sample in _samples(argument[2]) if sample]
            yield from ((before, sample) for sample in repeated)
            # A search begins anew at each of them, and reads to the end each time.
            yield from (("", before + sample) for sample in repeated[:1])
        for inner in _inner(operator, argument):
            yield from _repetitions(inner, before)
        before += _samples([(operator, argument)])[0]


def _inner(operator: Any, argument: Any) -> list[Nodes]:
    if operator in _REPEATS:
        return [argument[2]]
    if operator is _constants.BRANCH:
        return list(argument[1])
    if operator is _constants.SUBPATTERN:
        return [argument[3]]
    if operator is _constants.ATOMIC_GROUP:
        return [argument]
    if operator in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [argument[1]]
    return []


def _samples(nodes: Nodes) -> list[str]:
    """Texts that the nodes match, one for each choice that they leave; at least one."""
    choices = [_choices(operator, argument) for operator, argument in nodes]
    firsts = [choice[0] for choice in choices]
    samples = ["".join(firsts)]
    for at, choice in enumerate(choices):
        samples.extend("".join((*firsts[:at], other, *firsts[at + 1 :])) for other in choice[1:])
    return samples


def _choices(operator: Any, argument: Any) -> list[str]:
    if operator is _constants.LITERAL:
        return [chr(argument)]
    if operator is _constants.NOT_LITERAL:
        return [character for character in "a一" if ord(character) != argument]
    if operator is _constants.ANY:
        return ["一"]
    if operator is _constants.IN:
        return _members(argument)
    if operator in _REPEATS:
        return [sample * max(argument[0], 1) for sample in _samples(argument[2])]
    if operator in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [""]
    return [sample for inner in _inner(operator, argument) for sample in _samples(inner)] or [""]


def _members(items: list[tuple[Any, Any]]) -> list[str]:
    """Members of a set; with the ends of its ranges there is one in common with each set that overlaps."""
    if items[0][0] is _constants.NEGATE:
        negated = _compiler.compile(_parser.SubPattern(_state(), [(_constants.IN, items)]))
        return [character for character in _ORDINARY + "\ue001" if negated.fullmatch(character)] or [""]
    members: list[str] = []
    for operator, argument in items:
        if operator is _constants.LITERAL:
            members.append(chr(argument))
        elif operator is _constants.RANGE:
            members.extend(map(chr, argument))
        else:
            members.extend(_OF_CATEGORY[argument])
    return members


def _state() -> Any:
    state = _parser.State()
    state.str = ""
    return state
