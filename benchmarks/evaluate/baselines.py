"""BM25 in Lucene's form on jieba words and on character bigrams: what searchapp is compared with. Small and plain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75

Floats = npt.NDArray[np.float64]


class BM25:
    """The sum over distinct terms of ``idf * tf / (tf + k1 * (1 - b + b * length / average))``.

    ``idf`` is ``ln(1 + (N - n + .5) / (n + .5))``, as Lucene has it.
    """

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        held: dict[str, tuple[list[int], list[int]]] = {}
        lengths: list[int] = []
        for at, terms in enumerate(texts):
            lengths.append(len(terms))
            for term, count in Counter(terms).items():
                ordinals, counts = held.setdefault(term, ([], []))
                ordinals.append(at)
                counts.append(count)
        self._held = held
        of_all = np.array(lengths, dtype=np.float64)
        self._norm: Floats = K1 * (1 - B + B * of_all / max(of_all.mean(), 1e-9))

    def scores(self, terms: Iterable[str]) -> Floats:
        """The score of every text."""
        size = len(self._norm)
        scores = np.zeros(size)
        for term in dict.fromkeys(terms):
            if term in self._held:
                ordinals, counts = (np.array(values) for values in self._held[term])
                idf = np.log(1 + (size - len(ordinals) + 0.5) / (len(ordinals) + 0.5))
                scores[ordinals] += idf * counts / (counts + self._norm[ordinals])
        return scores
