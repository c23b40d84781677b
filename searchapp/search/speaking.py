"""What a reader calls the parameters: messages speak of 起始年份, where addresses and programs have ``year_from``."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.language import Labels, later, tr

EXCLUSION_PREFIX = "not_"
"""Before the name of a filter: what it excludes."""

_SPOKEN: Mapping[str, str] = Labels(
    {
        "q": later("检索式"),
        "unit": later("单位"),
        "department": later("部门"),
        "year": later("年份"),
        "section": later("栏目"),
        "part": later("部分"),
        "kind": later("文种"),
        "unit_type": later("单位类型"),
        "place": later("地区"),
        "level": later("层级"),
        "addressee": later("主送单位"),
        "year_from": later("起始年份"),
        "year_to": later("截止年份"),
        "block": later("段落类型"),
        "sort": later("排序方式"),
        "page": later("页码"),
        "per_page": later("每页条数"),
        "names": later("单位名称的取法"),
        "match": later("匹配方式"),
        "punct": later("标点的处理"),
        "group": later("分组方式"),
        "fold": later("相近段落的合并"),
        "explain": later("得分说明"),
        "synonyms": later("同义词查找"),
        "fillers": later("间隔里的文字"),
        "view": later("显示方式"),
        "format": later("文件格式"),
        "width": later("左右字数"),
        "depth": later("小标题层级"),
        "limit": later("条数"),
        "build": later("索引版次"),
    }
)


def spoken(name: str) -> str:
    """What the parameter ``name`` is called in a message; an unknown one by its own name, as 参数 name."""
    filtered = name.removeprefix(EXCLUSION_PREFIX)
    if filtered != name and filtered in _SPOKEN:
        return tr("要排除的{label}", label=_SPOKEN[filtered])
    return _SPOKEN[name] if name in _SPOKEN else tr("参数 {name} ", name=name)
