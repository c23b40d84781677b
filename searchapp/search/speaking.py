"""What a reader calls the parameters: messages speak of 起始年份, where addresses and programs have ``year_from``."""

from __future__ import annotations

from collections.abc import Mapping

EXCLUSION_PREFIX = "not_"
"""Before the name of a filter: what it excludes."""

_SPOKEN: Mapping[str, str] = {
    "q": "检索式",
    "unit": "单位",
    "department": "部门",
    "year": "年份",
    "section": "栏目",
    "part": "部分",
    "kind": "文种",
    "unit_type": "单位类型",
    "place": "地区",
    "level": "层级",
    "addressee": "主送单位",
    "year_from": "起始年份",
    "year_to": "截止年份",
    "block": "段落类型",
    "sort": "排序方式",
    "page": "页码",
    "per_page": "每页条数",
    "names": "单位名称的取法",
    "match": "匹配方式",
    "punct": "标点的处理",
    "group": "分组方式",
    "fold": "相近段落的合并",
    "explain": "得分说明",
    "synonyms": "同义词查找",
    "fillers": "间隔里的文字",
    "view": "显示方式",
    "format": "文件格式",
    "width": "左右字数",
    "depth": "小标题层级",
    "limit": "条数",
    "build": "索引版次",
}


def spoken(name: str) -> str:
    """What the parameter ``name`` is called in a message; an unknown one by its own name, as 参数 name."""
    filtered = name.removeprefix(EXCLUSION_PREFIX)
    if filtered != name and filtered in _SPOKEN:
        return f"要排除的{_SPOKEN[filtered]}"
    return _SPOKEN.get(name, f"参数 {name} ")
