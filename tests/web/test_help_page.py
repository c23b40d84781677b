"""The help page: every way to write is understood, every example can be run."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from searchapp.query import FIELD_NAMES, parse_query
from searchapp.query.ast import Everything
from searchapp.query.signs import OPERATORS
from searchapp.search.params import PARAMETER_NAMES
from searchapp.web.library.routes import OPTIONS, SECTIONS
from searchapp.web.search.switches import SWITCHES

from .markup import Page

ROWS = [row for _, rows in SECTIONS for row in rows]


@pytest.mark.parametrize("text", [text for write, _, example in ROWS for text in (*write, example)])
def test_what_the_page_says_to_write_needs_no_mending(text: str) -> None:
    parsed = parse_query(text)
    assert parsed.diagnostics == ()
    assert not isinstance(parsed.root, Everything)


@pytest.mark.parametrize("write", [write for write, _, _ in ROWS if len(write) > 1 and ":" not in write[0]])
def test_ways_of_one_row_mean_the_same(write: tuple[str, ...]) -> None:
    found = {_shape(text) for text in write}
    assert len(found) == 1


def test_every_field_and_operator_is_told_of() -> None:
    told = " ".join(text for write, _, _ in ROWS for text in write)
    chinese = {name for name in FIELD_NAMES if not name.isascii()}
    assert {name for name in chinese if f"{name}:" not in told} == set()
    assert {each for each in OPERATORS if f" {each} " not in told} <= {"AND", "且"}


def test_every_example_is_a_link_that_runs(client: FlaskClient) -> None:
    page = Page(client.get("/help").text)
    links = [each for each in page.all("a") if "td" in each.inside]
    examples = [(example, {}) for _, _, example in ROWS]
    examples += [(example, {name: [value]}) for _, _, example, (name, value) in OPTIONS]
    assert [each.text for each in links] == [example for example, _ in examples]
    for each, (example, changes) in zip(links, examples, strict=True):
        assert parse_qs(urlsplit(each.attributes["href"]).query) == {"q": [example], **changes}
        answer = client.get(each.attributes["href"])
        assert answer.status_code == 200
        assert "已略去" not in answer.text


def test_every_switch_of_the_results_page_is_told_of_by_its_name() -> None:
    told = {(label, *change) for label, _, _, change in OPTIONS}
    for each in SWITCHES:
        value, label = each.positions[1]
        assert (f"{each.label}：{label}", each.name, value) in told
    assert {name for _, name, _ in told} <= set(PARAMETER_NAMES)


def test_the_page_is_linked_from_every_page(client: FlaskClient) -> None:
    for address in ("/", "/search?q=党建", "/reports", "/help", "/nowhere"):
        page = Page(client.get(address).text)
        inside = [each.inside for each in page.all("a") if each.attributes["href"] == "/help"]
        assert [path for path in inside if "header" in path]
        assert [path for path in inside if "footer" in path]


def _shape(text: str) -> str:
    """The tree without the spans and texts, which differ with the way of writing."""
    return _bare(parse_query(text).root)


def _bare(node: object) -> str:
    fields = getattr(node, "__dataclass_fields__", None)
    if fields is not None:
        told = (f"{name}={_bare(getattr(node, name))}" for name in fields if name not in ("span", "text"))
        return f"{type(node).__name__}({', '.join(told)})"
    return f"[{', '.join(_bare(each) for each in node)}]" if isinstance(node, tuple) else repr(node)
