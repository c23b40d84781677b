"""The client of a cluster: its settings, its errors as searchapp's own, and no answer that is not whole.

Passwords come from the environment or a file, never from an address.
"""

from __future__ import annotations

import contextlib
import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ConnectionTimeout,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    TransportError,
)

from searchapp.errors import EngineUnavailableError, IndexDamagedError, ParameterError, QueryRefusedError
from searchapp.language import tr
from searchapp.time_limit import checkpoint

Body = dict[str, Any]
"""A JSON object as the cluster takes and gives it. It never crosses the seam."""

# Without a handler of its own the client's warnings would be printed to the terminal.
logging.getLogger("opensearch").addHandler(logging.NullHandler())

RETRIES = 3
CONNECTIONS = 16
"""Kept open to each node: as many questions can be under way at once without opening another."""

STEADY_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)

Result = TypeVar("Result")
_RETRIED = (502, 503, 504)
_TOO_MANY = "too many nested clauses"


class SnapshotLostError(EngineUnavailableError):
    """The cluster no longer holds the point in time that was read from, or a node that held a part of it has gone."""


def connect(settings: OpensearchSettings) -> OpenSearch:
    """A client; nothing is sent yet. Raises ``ParameterError`` for certificates that cannot be read."""
    options: Body = {}
    if settings.user:
        options["http_auth"] = (settings.user, settings.password)
    if any(url.startswith("https:") for url in settings.urls):
        options["ssl_context"] = _trust(settings)
    try:
        return OpenSearch(
            list(settings.urls),
            timeout=settings.timeout,
            max_retries=RETRIES,
            retry_on_timeout=True,
            retry_on_status=_RETRIED,
            pool_maxsize=CONNECTIONS,
            **options,
        )
    except (ImproperlyConfigured, ValueError) as exc:
        raise ParameterError("opensearch_url", tr("搜索集群的地址或连接设置不对")) from exc


def _trust(settings: OpensearchSettings) -> ssl.SSLContext:
    """Whose certificates are trusted, and the client's own. Certificates and host names are always checked."""
    try:
        context = ssl.create_default_context(cafile=settings.ca or None)
        if settings.certificate:
            context.load_cert_chain(settings.certificate, settings.key or None)
    except (OSError, ValueError) as exc:
        raise ParameterError("opensearch_ca", tr("连接搜索集群用的证书或私钥读不出来")) from exc
    return context


def steadily(call: Callable[[], Result]) -> Result:
    """``call``, again and again for half a minute while the cluster has no whole answer: a node may just have gone.

    For steps that do no harm when they are done twice.
    """
    for pause in STEADY_PAUSES:
        try:
            return call()
        except EngineUnavailableError:
            time.sleep(pause)
    return call()


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Foreign errors as searchapp's. No message holds an address."""
    checkpoint()
    try:
        yield
    except (AuthenticationException, AuthorizationException) as exc:
        raise EngineUnavailableError(tr("搜索集群不接受所给的用户名、口令或证书，或不许这样做")) from exc
    except ConnectionTimeout as exc:
        raise EngineUnavailableError(tr("搜索集群没有按时回答，请稍后再试")) from exc
    except ConnectionError as exc:
        raise EngineUnavailableError(tr("连不上搜索集群，请稍后再试；管理员请查看各节点是否在运行")) from exc
    except TransportError as exc:
        raise _told(exc) from exc
    except OpenSearchException as exc:
        raise EngineUnavailableError(tr("搜索集群的回答读不懂")) from exc


def _told(exc: TransportError) -> Exception:
    text = f"{exc.error} {exc.info}"
    if _TOO_MANY in text or "too_many" in text:
        return QueryRefusedError(tr("查询的条件太多，搜索集群一次答不了；请减少词语或同义词"))
    if "No search context found" in text or "search_context_missing" in text:
        return SnapshotLostError(tr("搜索集群丢掉了正在读的快照，请再试一次"))
    if isinstance(exc, NotFoundError) and "index_not_found" in text:
        return IndexDamagedError(tr("搜索集群里没有这个索引"))
    if exc.status_code == 429:
        return EngineUnavailableError(tr("搜索集群忙不过来，请稍后再试"))
    if isinstance(exc.status_code, int) and exc.status_code >= 500:
        return SnapshotLostError(tr("搜索集群有分片没有回答，答案不完整，没有采用；请稍后再试"))
    return EngineUnavailableError(
        tr("搜索集群不能这样回答（{status_code} {error}）", status_code=exc.status_code, error=exc.error)
    )


def whole(answer: Mapping[str, Any]) -> Body:
    """``answer`` of a search when all shards gave their part in time. Raises ``EngineUnavailableError``."""
    if "error" in answer:
        status, error = answer.get("status", 500), answer["error"]
        kind = error.get("type", "") if isinstance(error, dict) else ""
        raise _told(TransportError(status, kind, error))
    shards = answer["_shards"]
    if answer.get("timed_out") or shards["failed"] or shards["successful"] < shards["total"]:
        raise SnapshotLostError(tr("搜索集群有分片没有回答，答案不完整，没有采用；请稍后再试"))
    return dict(answer)


VARIABLE = "SEARCHAPP_OPENSEARCH_"
"""Begins the name of every environment variable of this engine (docs/operating/opensearch.md)."""

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
