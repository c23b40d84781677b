"""Lexicons of small made-up corpora."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from searchapp.lexicon import Lexicon, build_lexicon
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize

MakeLexicon = Callable[..., Lexicon]

FILLER = "。".join(chr(0x4E00 + number) * 2 for number in range(3000))
"""Text without phrases: in too small a corpus everything is frequent, and nothing holds together."""

SENTENCES = (
    "坚决做到两个维护，在大是大非面前旗帜鲜明。",
    "始终把两个维护作为首要任务，逐条对照检查。",
    "以实际行动践行两个维护；增强四个意识。",
    "两个维护不是空洞的口号，要落在行动上。",
    "各支部压实一岗双责，层层传导压力。",
    "班子成员履行一岗双责，定期听取汇报。",
    "领导干部的一岗双责清单逐项销号。",
    "深入推进党风廉政建设，驰而不息正风肃纪。",
    "党风廉政建设永远在路上，须常抓不懈。",
    "抓好党风廉政建设责任制，压紧责任链条。",
    "全市GDP增长百分之五，GDP总量再上台阶。",
    "重庆的同志介绍经验，重要环节逐个演示。",
    "两个确立是时代的呼唤。",
)


@pytest.fixture(scope="session")
def make_lexicon(tmp_path_factory: pytest.TempPathFactory) -> MakeLexicon:
    """A lexicon of texts as written, one a block."""

    def make(texts: Iterable[str], terms: Iterable[str] = ()) -> Lexicon:
        folder: Path = tmp_path_factory.mktemp("lexicon")
        build_lexicon(folder, ((normalize(text), text) for text in texts), Analyzer().words, set(terms))
        return Lexicon(folder)

    return make


@pytest.fixture(scope="session")
def lexicon(make_lexicon: MakeLexicon) -> Lexicon:
    """The lexicon of ``SENTENCES``."""
    return make_lexicon(SENTENCES)
