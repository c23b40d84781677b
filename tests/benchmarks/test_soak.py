"""Readers on a real server while builds are exchanged, in short; and that a mixed answer would not go unseen."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from benchmarks.soak import Answered, Soak, soak, soak_markdown
from benchmarks.soak_asking import Claim
from benchmarks.soak_corpus import YEARS, Corpus, marks

SMALL = Corpus(units=4)
OK = 200


def told(claim: Claim) -> list[str]:
    """What is said of an answer of version 3, or 4, that claims this."""
    builds = {f"b-0000000{version}-00000000": version for version in range(5)}
    found = Soak(SMALL, versions=builds)
    found.answers.append(Answered("search", "/search", 0.0, 1.0, OK, claim))
    return list(found.mixed())


@pytest.mark.long
def test_readers_see_one_build_in_each_answer_and_no_error(tmp_path: Path) -> None:
    found = soak(tmp_path, corpus=SMALL, readers=8, seconds=8, every=0.2)
    assert found.errors == []
    assert list(found.mixed()) == []
    assert list(found.stale()) == []
    assert len(found.versions) > 1, "no build was exchanged"
    claims = [answered.claim for answered in found.answers]
    assert any(claim.grid for claim in claims), "no grid was read"
    assert any(claim.figures for claim in claims), "no numbers were read"
    assert len({version for claim in claims for version in claim.versions}) > 1, "readers saw one version only"
    assert "| errors | 0 |" in soak_markdown(found, 8)


@pytest.mark.parametrize(
    "claim",
    [
        Claim(versions=frozenset({3, 4})),
        Claim("b-00000003-00000000", frozenset({4})),
        Claim("b-00000009-00000000"),
        Claim("b-00000003-00000000", figures={**SMALL.figures(3), "total": SMALL.figures(4)["total"]}),
        Claim("b-00000003-00000000", figures={**SMALL.figures(3), "year": SMALL.figures(4)["year"]}),
        Claim("b-00000003-00000000", figures=SMALL.figures(3), year=YEARS[0]),
        Claim("b-00000003-00000000", size=SMALL.size(4)),
        Claim("b-00000003-00000000", grid={SMALL.unit_names[0]: (1,) * len(YEARS)}),
        Claim(grid={SMALL.unit_names[-1]: (None,) * len(YEARS)}, counts_reports=True),
    ],
)
def test_a_mixed_answer_is_told(claim: Claim) -> None:
    assert len(told(claim)) == 1


def test_an_answer_of_one_build_is_not(tmp_path: Path) -> None:
    whole = Claim("b-00000003-00000000", frozenset({3}), SMALL.figures(3), SMALL.size(3))
    assert told(whole) == []
    SMALL.write(tmp_path, 3)
    assert len(list(tmp_path.iterdir())) == SMALL.size(3)["reports"]
    assert marks("\n".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())) == {3}


def test_versions_near_each_other_differ_in_what_is_counted() -> None:
    figures = [SMALL.figures(version) for version in range(12)]
    sizes = [SMALL.size(version)["paragraphs"] for version in range(12)]
    assert len(set(sizes)) == len(sizes)
    assert all(one != other for one, other in itertools.pairwise(figures))


def test_an_answer_of_a_build_long_replaced_is_stale() -> None:
    found = Soak(SMALL, versions={"old": 0, "new": 1}, exchanged={"old": 0.0, "new": 100.0})
    for began in (100.5, 101.5):
        found.answers.append(Answered("search", "/search", began, 1.0, OK, Claim("old")))
    assert len(list(found.stale())) == 1


def test_light_answers_are_compared_with_and_without_heavy_work() -> None:
    found = Soak(SMALL, heavy_since=100.0, seconds=1.0)
    for began, took, kind in ((1, 10, "search"), (2, 5000, "kwic"), (99.9, 500, "search"), (101, 30, "search")):
        found.answers.append(Answered(kind, "/", began, took, OK, Claim()))
    found.heavy["export"] = 7
    assert found.light_p95() == (10, 30)
    assert "10 ms alone, 30 ms beside heavy work (3.00 times as long; 7 export)" in soak_markdown(found, 1)
