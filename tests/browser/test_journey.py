"""What a reader does, in a real browser: search, narrow, read, take along; with and without JavaScript."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from .conftest import DESK, PATIENCE_MS, PHONE, TABLET


def test_search_narrow_open_and_come_back(page: Page) -> None:
    page.goto("/")
    page.locator("#q").fill("“主体责任”")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q="))
    counts = page.locator(".counts").text_content() or ""
    facets = page.locator(".facets")
    for name in ("临溪区委", "澄川师范学院"):
        facets.locator("a", has_text=name).first.click()
    page.locator("input[name=year_from]").fill("2022")
    page.locator("input[name=year_to]").fill("2023")
    page.get_by_role("button", name="限定").click()
    expect(page.locator(".chips")).to_contain_text("临溪区委")
    units = page.locator(".hit .unit").all_inner_texts()
    assert units and all("临溪区委" in unit or "师范学院" in unit for unit in units)
    narrowed = page.url
    page.locator(".hit h3 a").first.click()
    expect(page).to_have_url(re.compile(r"/reports/.*#p-"))
    anchor = page.url.rpartition("#")[2]
    block = page.locator(f"#{anchor}")
    expect(block).to_be_in_viewport()
    expect(block.locator("mark").first).to_be_in_viewport()
    page.go_back()
    expect(page).to_have_url(narrowed)
    page.locator(".chips .clear").click()
    expect(page.locator(".counts")).to_have_text(counts)


def test_keys_lead_to_the_box_through_hits_and_through_marks(page: Page) -> None:
    page.goto("/search?q=学习")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator(".hit h3 a").first
    expect(first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("j?")
    expect(page.locator("#q")).to_have_value("j?")
    page.keyboard.press("Escape")
    first.click()
    page.wait_for_url("**/reports/**")
    page.wait_for_load_state("load")
    page.keyboard.press("n")
    expect(page.locator("article.text mark").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#keys")).to_be_hidden()


def test_what_is_typed_is_completed(page: Page) -> None:
    page.goto("/")
    box = page.locator("#q")
    box.press_sequentially("党建 lgwh")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("两个维护")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("党建 两个维护")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press_sequentially(" 主体")
    expect(options.first).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_passage_is_copied_with_its_source(page: Page) -> None:
    page.goto("/search?q=两个维护")
    page.locator(".hit [data-copy]").first.click()
    expect(page.locator(".hit [data-copy]").first).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "两个维护" in copied
    assert re.search(r"（.+，20\d\d年，《.+》.*）$", copied)


def test_excerpts_are_kept_ordered_noted_and_taken_along_as_word(page: Page) -> None:
    page.goto("/search?q=主体责任")
    for number in range(2):
        page.locator(".hit [data-keep]").nth(number).click()
        expect(page.locator(".hit [data-keep]").nth(number)).to_have_text("已摘录")
    expect(page.locator(".site [data-basket-count]")).to_have_text("2")
    page.get_by_role("link", name="摘录夹").first.click()
    quotes = page.locator(".basket blockquote")
    expect(quotes).to_have_count(2)
    last = quotes.nth(1).inner_text()
    page.get_by_role("button", name="上移").nth(1).click()
    expect(quotes.first).to_have_text(last)
    page.locator(".basket textarea").first.fill("要核对")
    page.locator(".basket textarea").first.blur()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出 Word").click()
    content = waiting.value.path().read_bytes()
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)
    assert last[:20] in text
    assert "要核对" in text
    page.get_by_role("button", name="移出").first.click()
    expect(quotes).to_have_count(1)
    page.reload()
    expect(quotes).to_have_count(1)


def test_two_tabs_have_one_basket_and_a_broken_one_is_mended(page: Page) -> None:
    entry = (
        '{"paragraph_id":"%s","start":0,"end":2,"text":"%s","citation":"某文","url":"javascript:alert(1)","note":"%s"}'
    )
    broken = f'[{entry % ("a-k1", "甲{1}", "记")},7,{entry % ("b-k1", "乙", "")},{{"paragraph_id":"c'
    page.goto("/basket")
    page.evaluate("stored => localStorage.setItem('searchapp-excerpts', stored)", broken)
    page.reload()
    quotes = page.locator(".basket blockquote")
    expect(quotes).to_have_text(["甲{1}", "乙"])
    assert str(page.locator(".basket [data-link]").first.get_attribute("href")) == "/p/a-k1"
    other = page.context.new_page()
    other.goto("/search?q=主体责任")
    for number in range(2):
        other.locator(".hit [data-keep]").nth(number).click()
        expect(other.locator(".site [data-basket-count]")).to_have_text(str(3 + number))
    expect(quotes).to_have_count(4)
    assert page.evaluate("localStorage.getItem('searchapp-excerpts-spoilt')") == broken
    page.get_by_role("button", name="下移").first.click()
    expect(quotes.nth(1)).to_have_text("甲{1}")
    page.get_by_role("button", name="移出").first.click()
    expect(other.locator(".site [data-basket-count]")).to_have_text("3")
    page.locator(".basket textarea").first.fill("要核对")
    other.locator(".hit [data-keep]").nth(2).click()
    expect(quotes).to_have_count(4)
    expect(page.locator(".basket textarea").first).to_have_value("要核对")
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }")
    page.get_by_role("button", name="移出").first.click()
    expect(page.locator("#basket-told")).to_contain_text("没有存下来")
    expect(quotes).to_have_count(4)


def test_two_years_of_a_unit_stand_side_by_side(page: Page) -> None:
    page.goto("/search?q=主体责任&unit=临溪区委")
    page.locator(".hit h3 a").first.click()
    page.locator(".about a", has_text="对照").first.click()
    expect(page).to_have_url(re.compile(r"/compare\?"))
    expect(page.locator("main")).to_contain_text("未改")


def test_a_value_is_kept_out_and_let_in_again(page: Page) -> None:
    page.goto("/search?q=主体责任")
    before = page.locator(".counts").text_content() or ""
    value = page.locator(".facet-unit .values li", has_text="澄川师范学院")
    value.hover()
    value.get_by_role("button", name="排除 澄川师范学院").click()
    expect(page).to_have_url(re.compile(r"not_unit="))
    expect(page.locator(".chips")).to_contain_text("不含单位")
    assert all("师范学院" not in unit for unit in page.locator(".hit .unit").all_inner_texts())
    page.locator(".chip").click()
    expect(page.locator(".counts")).to_have_text(before)


def test_a_long_facet_is_filtered_and_several_values_are_ticked(page: Page, crowded_site: str) -> None:
    page.goto(f"{crowded_site}/search?q=党建")
    box = page.get_by_label("在单位里找")
    left = page.locator(".facet-unit .values > :visible")
    box.fill("12局")
    expect(left).to_have_count(1)
    box.fill("局")
    expect(left).to_have_count(30)
    box.press("Escape")
    expect(left).to_have_count(12)
    page.locator(".facet-unit summary").click()
    ticked = page.locator(".facet-unit input[name=pick]")
    names = [ticked.nth(at).get_attribute("value") or "" for at in (0, 1)]
    for at in (0, 1):
        ticked.nth(at).check()
    page.get_by_role("button", name="只看勾选的").first.click()
    expect(page.locator(".chip")).to_have_count(2)
    assert sorted(page.locator(".hit .unit").all_inner_texts()) == sorted(names)
    narrowed = page.url
    last = ticked.last.get_attribute("value") or ""
    box.fill(last)
    box.press("Enter")
    expect(ticked.last).to_be_checked()
    page.get_by_role("button", name="排除勾选的").first.click()
    expect(page).to_have_url(re.compile(r"not_unit="))
    page.go_back()
    expect(page).to_have_url(narrowed)
    expect(page.locator(".chip")).to_have_count(2)


def test_years_are_narrowed_by_a_bar_and_by_a_range(page: Page) -> None:
    page.goto("/search?q=主体责任")
    page.locator(".facet-year .columns a").first.click()
    expect(page.locator(".chip")).to_contain_text("2022年")
    expect(page.locator(".facet-year .columns a.chosen")).to_have_count(1)
    page.locator(".chip").click()
    page.locator("input[name=year_from]").fill("2023")
    page.locator("input[name=year_from]").press("Enter")
    expect(page.locator(".chip")).to_contain_text("2023—最近")
    assert {year.strip()[:5] for year in page.locator(".hit .year").all_inner_texts()} <= {"2023年", "2024年"}


_IN_SIGHT = """() => {
  const box = document.querySelector(".outline ol").getBoundingClientRect();
  const link = document.querySelector(".outline [aria-current]").getBoundingClientRect();
  return link.top >= box.top && link.bottom <= box.bottom;
}"""


_THERE_AND_BACK = """async () => {
  const headings = [...document.querySelectorAll("article .block.heading")];
  const outline = document.querySelector(".outline ol");
  const read = (block) => window.scrollTo(0, block.getBoundingClientRect().top + scrollY - 100);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  read(headings[0]);
  for (let waited = 0; waited < 120 && outline.scrollTop > 0; waited++) await frame();
  read(headings[3]);
  for (let waited = 0; waited < 120 && outline.scrollTop === 0; waited++) await frame();
  read(headings[0]);
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_outline_follows_what_is_read(chromium: Browser, site: str, motion: str) -> None:
    context = chromium.new_context(
        base_url=site,
        viewport={"width": 1440, "height": 600},
        reduced_motion=motion,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto("/search?q=主体责任&unit=澄川师范学院")
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/reports/**")
    headings = page.locator("article .block.heading")
    read = page.locator(".outline [aria-current=location]")
    for at in (2, 0, 3):
        headings.nth(at).evaluate("block => window.scrollTo(0, block.getBoundingClientRect().top + scrollY - 100)")
        expect(read).to_have_attribute("href", f"#{headings.nth(at).get_attribute('id')}")
        expect(read).to_have_count(1)
        page.wait_for_function(_IN_SIGHT)
    # Back to the first heading when the outline has just set out for another: it is still in sight then, not later.
    page.evaluate(_THERE_AND_BACK)
    expect(read).to_have_attribute("href", f"#{headings.nth(0).get_attribute('id')}")
    page.wait_for_timeout(1_000)
    assert page.evaluate(_IN_SIGHT)
    context.close()


def test_every_function_of_reading_works_without_javascript(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("学习")
    page.get_by_role("button", name="检索").click()
    expect(page.locator(".hit")).to_have_count(10)
    assert not page.locator("[data-copy]").count()
    page.locator(".hit h3 a").first.click()
    expect(page.locator("article.text mark").first).to_be_visible()
    page.go_back()
    page.locator(".facet-switch summary").click()
    page.locator(".facet-unit li", has_text="澄川师范学院").get_by_role("button").click()
    expect(page.locator(".chip")).to_contain_text("不含单位")
    page.locator(".facet-switch summary").click()
    page.locator(".facet-year summary").click()
    page.get_by_role("checkbox", name="2023年").check()
    page.get_by_role("button", name="只看勾选的").click()
    expect(page.locator(".chip")).to_have_count(2)
    page.get_by_role("link", name="逐处").click()
    expect(page.locator(".kwic")).to_be_visible()
    page.goto("/help")
    page.locator("main table a").first.click()
    expect(page).to_have_url(re.compile("/search"))
    context.close()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=主体责任",
        "/search?q=学习&view=kwic",
        "/overview?q=学习",
        "/reports",
        "/help",
        "/check",
        "/basket",
    ],
)
def test_no_page_is_wider_than_the_screen(chromium: Browser, site: str, path: str, locale: str) -> None:
    context = chromium.new_context(base_url=site, locale=locale)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(path)
    for viewport in (DESK, TABLET, PHONE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    context.close()


def test_english_by_a_link_and_it_stays(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_title("Report search")
    page.locator("#q").fill("主体责任")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".counts")).to_contain_text("paragraphs")
    results = page.url
    page.locator("[data-keep]").first.click()
    expect(page.locator("[data-keep]").first).to_have_text("Kept")
    page.locator(".hit h3 a").first.click()
    page.wait_for_url("**/reports/**")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("article.text")).to_have_attribute("lang", "zh-Hans")
    page.go_back()
    expect(page).to_have_url(results)
    expect(page.locator(".counts")).to_contain_text("paragraphs")
    page.locator(".site").get_by_role("link", name="Basket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Basket")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export text").click()
    assert waiting.value.suggested_filename == "Excerpts.txt"
    page.go_back()
    page.get_by_role("link", name="中文").click()
    expect(page).to_have_url(results)
    expect(page.locator(".counts")).to_contain_text("篇报告")


def test_a_pasted_text_is_not_lost_by_a_change_of_language(page: Page) -> None:
    page.goto("/check")
    page.locator("#text").fill("落实主体责任。")
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("#outcome")).to_contain_text("sentence")
    expect(page.locator("#text")).to_have_value("落实主体责任。")
