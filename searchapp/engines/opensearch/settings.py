"""How to reach a cluster. Passwords come from the environment or a file, never in an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from searchapp.errors import ParameterError
from searchapp.language import tr

VARIABLE = "SEARCHAPP_OPENSEARCH_"
"""Begins the name of every environment variable of this engine (docs/opensearch.md)."""

DEFAULT_PREFIX = "searchapp"
DEFAULT_SHARDS = 3
DEFAULT_REPLICAS = "0-1"
DEFAULT_TIMEOUT = 30.0
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")
_REPLICAS = re.compile(r"[0-9]+(-([0-9]+|all))?")


@dataclass(frozen=True, slots=True)
class OpensearchSettings:
    """``urls``: addresses of nodes, without user names. ``prefix`` begins the names of all indices of one library.

    ``shards`` and ``replicas`` take effect when an index is made from nothing; ``replicas`` is a number, or a range
    (``0-1``: one copy where there is a second node). ``timeout``: seconds for one request. ``certificate`` and
    ``key``: the client's own, PEM; ``ca``: the authority that signed the nodes' certificates.
    """

    urls: tuple[str, ...]
    prefix: str = DEFAULT_PREFIX
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""
    certificate: str = ""
    key: str = field(default="", repr=False)
    shards: int = DEFAULT_SHARDS
    replicas: str = DEFAULT_REPLICAS
    timeout: float = DEFAULT_TIMEOUT

    def __post_init__(self) -> None:
        """Raises ``ParameterError`` for what cannot be; the message never repeats an address that holds a password."""
        if not self.urls:
            raise ParameterError(
                "opensearch_url", tr("没有说明搜索集群的地址：--opensearch-url，或 {variable}URL", variable=VARIABLE)
            )
        for url in self.urls:
            _check_address(url)
        if not _PREFIX.fullmatch(self.prefix):
            raise ParameterError("opensearch_prefix", tr("索引名前缀只能有小写字母、数字、- 和 _，以字母或数字开头"))
        if self.shards < 1 or not _REPLICAS.fullmatch(self.replicas):
            raise ParameterError("opensearch_shards", tr("分片数至少为 1，副本数是一个数或一个范围（如 0-1）"))


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
        named = "@" in parts.netloc
        _ = parts.port
    except ValueError:
        known, named = False, "@" in url
    if named:
        raise ParameterError(
            "opensearch_url",
            tr(
                "搜索集群的地址里不能写用户名和口令（地址会进日志）；请用环境变量 {variable}USER 和 {variable}PASSWORD",
                variable=VARIABLE,
            ),
        )
    if not known:
        raise ParameterError("opensearch_url", tr("搜索集群的地址应是 http://主机:端口 或 https://主机:端口"))


def settings_of(environment: Mapping[str, str], urls: str = "", prefix: str = "") -> OpensearchSettings:
    """Settings from environment variables; ``urls`` (commas between) and ``prefix`` take the place of theirs.

    Raises ``ParameterError``.
    """

    def value(name: str, default: str = "") -> str:
        return environment.get(VARIABLE + name, "").strip() or default

    return OpensearchSettings(
        urls=tuple(url.strip().rstrip("/") for url in (urls or value("URL")).split(",") if url.strip()),
        prefix=prefix or value("PREFIX", DEFAULT_PREFIX),
        user=value("USER"),
        password=value("PASSWORD") or _password(value("PASSWORD_FILE")),
        ca=value("CA"),
        certificate=value("CERTIFICATE"),
        key=value("KEY"),
        shards=_number("SHARDS", value("SHARDS", str(DEFAULT_SHARDS))),
        replicas=value("REPLICAS", DEFAULT_REPLICAS),
        timeout=float(_number("TIMEOUT", value("TIMEOUT", str(int(DEFAULT_TIMEOUT))))),
    )


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ParameterError(
            VARIABLE + name, tr("{variable}{name} 应是一个整数", variable=VARIABLE, name=name)
        ) from None


def _password(file: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise ParameterError(
            f"{VARIABLE}PASSWORD_FILE", tr("{variable}PASSWORD_FILE 指的文件读不出来", variable=VARIABLE)
        ) from exc
