"""What readers ask for, and what each answer says of the build it is of: its mark, its name, its numbers.

An answer that cannot be read as what it should be raises ``BrokenAnswerError``.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from lxml import html

from benchmarks.soak_corpus import PHRASE, WORDS, YEARS, Corpus, Figures, marks

QUOTED = f'"{PHRASE}"'
_BUILD = re.compile(r"build=(b-[0-9]{8}-[0-9a-f]{8})")
_LINE_BREAK = "\r\n"


class BrokenAnswerError(Exception):
    """An answer that is not what its kind of answer looks like."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says: the ``build`` it names, the versions its texts are of, the numbers it gives.

    ``figures`` are those of :meth:`Corpus.figures` for ``unit`` and ``year``, ``size`` those of :meth:`Corpus.size`,
    ``grid`` a row for each unit it shows: a number for each year, ``None`` where there is no report.
    """

    build: str | None = None
    versions: frozenset[int] = frozenset()
    figures: Figures | None = None
    size: Figures | None = None
    grid: Mapping[str, tuple[int | None, ...]] | None = None
    counts_reports: bool = False
    unit: str | None = None
    year: int | None = None
    seen: tuple[tuple[str, str, str], ...] = ()
    """Unit, report id and paragraph id, to be asked for later."""


Examine = Callable[[bytes, Mapping[str, str]], Claim]


@dataclass(frozen=True, slots=True)
class Ask:
    """An address, what sort of request it is, and how its answer is read. ``may_refuse``: 409 is a right answer."""

    kind: str
    path: str
    examine: Examine
    may_refuse: bool = False


class Asker:
    """Draws requests; remembers ids and builds that answers named, whichever build they were of."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._corpus = corpus
        self._random = random.Random(seed)
        self._ids: list[tuple[str, str]] = []
        self._build: str | None = None
        self._draws: tuple[tuple[int, Callable[[], Ask]], ...] = (
            (2, self._start),
            (6, self._page_of_phrase),
            (6, self._any_page),
            (2, self._overview),
            (2, self._list),
            (3, self._report),
            (2, self._paragraph),
            (6, self._api_search),
            (3, self._api_facets),
            (1, self._api_kwic),
            (1, self._api_headings),
            (2, self._api_block),
            (1, self._api_report),
            (1, self._api_suggest),
            (1, self._export),
            (1, self._export_of_build),
        )

    def draw(self) -> Ask:
        """The next request."""
        weights = [weight for weight, _ in self._draws]
        return self._random.choices([make for _, make in self._draws], weights)[0]()

    def learn(self, claim: Claim) -> None:
        """Takes up what an answer named; some of it is of builds long gone when it is asked for."""
        self._build = claim.build or self._build
        lasting = self._corpus.lasting_units
        self._ids.extend((report, paragraph) for unit, report, paragraph in claim.seen if unit in lasting)
        if len(self._ids) > 200:
            self._ids = self._random.sample(self._ids, 100)

    def _narrowed(self) -> tuple[dict[str, Any], str | None, int | None]:
        unit = self._random.choice(self._corpus.unit_names) if self._random.random() < 0.3 else None
        year = self._random.choice(YEARS) if self._random.random() < 0.3 else None
        params: dict[str, Any] = {"q": QUOTED}
        params |= {"unit": unit} if unit else {}
        params |= {"year": year} if year else {}
        return params, unit, year

    def _query(self) -> dict[str, Any]:
        one, two = self._random.sample(WORDS, 2)
        queries = (
            f"{one} {two}",
            f'"{one}"',
            f"{one} OR {two}",
            f"{one} -{two}",
            f'"{one}*{two}"',
            f'"{one}" NEAR/20 "{two}"',
            f"年份:{self._random.choice(YEARS)} {one}",
            f"小标题:{self._random.choice(('组织', '作风'))} {two}",
            "的",
            "",
        )
        shown: tuple[dict[str, Any], ...] = (
            {},
            {"sort": "newest"},
            {"sort": "document", "page": 2},
            {"group": "report"},
            {"fold": "true"},
            {"match": "any"},
        )
        return {"q": self._random.choice(queries), **self._random.choice(shown)}

    def _start(self) -> Ask:
        return Ask("start", "/?rows=all", _examine_start)

    def _page_of_phrase(self) -> Ask:
        params, unit, year = self._narrowed()
        return Ask("search", _url("/search", params), _results_of(unit, year))

    def _any_page(self) -> Ask:
        return Ask("search", _url("/search", self._query()), _examine_page)

    def _overview(self) -> Ask:
        return Ask("grid", _url("/overview", {"q": QUOTED, "rows": "all"}), _results_of(None, None, whole=True))

    def _list(self) -> Ask:
        return Ask("reports", _url("/api/v1/reports", {"per_page": 100}), _examine_list)

    def _known(self) -> tuple[str, str] | None:
        return self._random.choice(self._ids) if self._ids else None

    def _report(self) -> Ask:
        known = self._known()
        return Ask("report", _url(f"/reports/{known[0]}", {"q": QUOTED}), _examine_page) if known else self._start()

    def _paragraph(self) -> Ask:
        known = self._known()
        return Ask("block page", f"/p/{known[1]}", _examine_page) if known else self._start()

    def _api_search(self) -> Ask:
        params, unit, year = self._narrowed()
        return Ask("API search", _url("/api/v1/search", {**params, "per_page": 50}), _json_of(unit, year))

    def _api_facets(self) -> Ask:
        params, unit, year = self._narrowed()
        return Ask("facets", _url("/api/v1/facets", params), _json_of(unit, year))

    def _api_kwic(self) -> Ask:
        return Ask("kwic", _url("/api/v1/kwic", {"q": QUOTED, "per_page": 100, "sort": "right"}), _examine_json)

    def _api_headings(self) -> Ask:
        return Ask("headings", _url("/api/v1/headings", {"q": QUOTED}), _examine_json)

    def _api_block(self) -> Ask:
        known = self._known()
        return Ask("block", f"/api/v1/blocks/{known[1]}", _examine_json) if known else self._start()

    def _api_report(self) -> Ask:
        known = self._known()
        return Ask("report", f"/api/v1/reports/{known[0]}", _examine_json) if known else self._list()

    def _api_suggest(self) -> Ask:
        return Ask("suggest", _url("/api/v1/suggest", {"q": self._random.choice(WORDS)[:2]}), _examine_json)

    def _export(self) -> Ask:
        form = self._random.choice(("csv", "jsonl"))
        params = {"q": self._random.choice((QUOTED, "")), "format": form}
        return Ask("export", _url("/export", params), _rows_of(form, bool(params["q"])))

    def _export_of_build(self) -> Ask:
        if self._build is None:
            return self._export()
        params = {"q": QUOTED, "format": "jsonl", "build": self._build}
        return Ask("export", _url("/api/v1/export", params), _rows_of("jsonl", True), may_refuse=True)


def _url(path: str, params: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(params)}"


def _whole_page(body: bytes) -> str:
    text = body.decode("utf-8")
    if not text.rstrip().endswith("</html>"):
        raise BrokenAnswerError(f"a page that ends with {text[-30:]!r}")
    return text


def _examine_page(body: bytes, _: Mapping[str, str]) -> Claim:
    text = _whole_page(body)
    builds = set(_BUILD.findall(text))
    if len(builds) > 1:
        raise BrokenAnswerError(f"a page of {len(builds)} builds")
    return Claim(next(iter(builds), None), marks(text))


def _results_of(unit: str | None, year: int | None, whole: bool = False) -> Examine:
    """Of a page with the grid of :data:`PHRASE`, all of it or as many rows as fit beside hits."""

    def examine(body: bytes, headers: Mapping[str, str]) -> Claim:
        claim = _examine_page(body, headers)
        grid = _grid(body) if unit is None and year is None else None
        if grid is not None and not grid and whole:
            raise BrokenAnswerError("an overview without its grid")
        return Claim(claim.build, claim.versions, grid=grid)

    return examine


def _examine_start(body: bytes, _: Mapping[str, str]) -> Claim:
    _whole_page(body)
    if not (grid := _grid(body)):
        raise BrokenAnswerError("a start page without its grid")
    return Claim(grid=grid, counts_reports=True)


def _grid(body: bytes) -> dict[str, tuple[int | None, ...]]:
    """Of every table row headed by a unit the number of each of the seven years."""
    rows: dict[str, tuple[int | None, ...]] = {}
    for row in html.fromstring(body.decode("utf-8")).xpath("//table//tr[th]"):
        name = row.xpath("string(th)").strip()
        cells = [cell.text_content().strip() for cell in row.xpath("td")][: len(YEARS)]
        if "区" in name and len(cells) == len(YEARS):
            rows[name] = tuple(int(number[0]) if (number := re.findall(r"\d+", cell)[:1]) else None for cell in cells)
    return rows


def _examine_json(body: bytes, _: Mapping[str, str]) -> Claim:
    answer = json.loads(body)
    seen = tuple((hit["unit"], hit["report_id"], hit["paragraph_id"]) for hit in answer.get("hits", ())[:5])
    return Claim(answer["build"], marks(body.decode("utf-8")), seen=seen)


def _json_of(unit: str | None, year: int | None) -> Examine:
    def examine(body: bytes, headers: Mapping[str, str]) -> Claim:
        answer, claim = json.loads(body), _examine_json(body, headers)
        facets = answer["facets"]
        figures: Figures = {
            "total": answer["total"],
            "reports": answer["counts"]["reports"],
            "units": answer["counts"]["units"],
            "unit": {value["label"]: value["count"] for value in facets["unit"] if value["count"]},
            "year": {value["value"]: value["count"] for value in facets["year"] if value["count"]},
        }
        if "hits" in answer and len(answer["hits"]) != min(answer["total"], answer["per_page"]):
            raise BrokenAnswerError(f"{len(answer['hits'])} hits of {answer['total']}")
        return Claim(claim.build, claim.versions, figures, unit=unit, year=year, seen=claim.seen)

    return examine


def _examine_list(body: bytes, headers: Mapping[str, str]) -> Claim:
    answer = json.loads(body)
    return Claim(answer["build"], size={"reports": answer["total"]})


def _rows_of(form: str, of_phrase: bool) -> Examine:
    """Of an export: as many rows as it says, all of the version that its build is."""

    def examine(body: bytes, headers: Mapping[str, str]) -> Claim:
        text = body.decode("utf-8-sig")
        if not text.endswith(_LINE_BREAK if form == "csv" else "\n"):
            raise BrokenAnswerError("an export that breaks off")
        rows = len(list(csv.reader(io.StringIO(text, newline="")))) - 1 if form == "csv" else text.count("\n")
        if rows != int(headers["Searchapp-Total"]):
            raise BrokenAnswerError(f"{rows} rows of {headers['Searchapp-Total']}")
        found: Figures = {"total": rows} if of_phrase else {}
        return Claim(headers["Searchapp-Build"], marks(text), found, None if of_phrase else {"paragraphs": rows})

    return examine
