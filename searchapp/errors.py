"""Every error that searchapp raises, in one tree. Knows the language of its messages, nothing else of searchapp.

::

    SearchappError                 message: one line or a few, meant for the reader
    ├── RequestError               what was asked cannot be answered           HTTP 400, exit 2
    │   ├── ParameterError         a parameter has a value that it cannot have
    │   └── QueryRefusedError      the query is over a documented limit
    ├── NotFoundError              no such report or paragraph                 HTTP 404, exit 1
    │   └── GoneError              it was there, and is not as it was          HTTP 410, exit 1
    ├── ReadError                  a source file cannot be read: file, reason  reported, never fatal
    ├── SourceError                a source is missing, empty or not the index's own   exit 2
    ├── LibraryError               the index itself                            HTTP 503, exit 3
    │   ├── NoIndexError           nothing has been indexed there yet
    │   ├── IndexVersionError      made by another schema or analyzer: rebuild it
    │   ├── IndexBusyError         another indexer is at work
    │   ├── IndexDamagedError      files are missing or do not fit together
    │   └── EngineUnavailableError the engine's servers do not answer, or not wholly
    ├── BusyError                  a server has too much to do at once         HTTP 503, with Retry-After
    ├── TimeLimitError             a server's answer took longer than allowed  HTTP 503
    └── ClientGoneError            nobody waits for the answer any more        never shown

Foreign errors are re-raised as one of these, ``from exc``.
"""

from __future__ import annotations

from searchapp.language import tr


class SearchappError(Exception):
    """Root of the tree. ``str(error)`` is a message for the reader, in the language of its moment."""


class RequestError(SearchappError):
    """What was asked cannot be answered."""


class ParameterError(RequestError):
    """A parameter has a value that it cannot have."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class QueryRefusedError(RequestError):
    """The query is over a documented limit (length, clauses, nesting)."""


class NotFoundError(SearchappError):
    """No report or paragraph has this id, now or earlier."""


class GoneError(NotFoundError):
    """What is asked for was there, but has been moved or altered since."""


class ReadError(SearchappError):
    """A source file cannot be read; ``reason`` says why, in Chinese."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}：{reason}")
        self.file = file
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        """Errors cross process borders when files are read in parallel."""
        return (type(self), (self.file, self.reason))


class SourceError(SearchappError):
    """A source is missing, suddenly empty, or not one the index was made from."""


class LibraryError(SearchappError):
    """Something about the index itself."""


class NoIndexError(LibraryError):
    """Nothing has been indexed at this place yet."""


class IndexVersionError(LibraryError):
    """The index was made by another schema or analyzer version."""


class IndexBusyError(LibraryError):
    """Another indexer holds the lock."""


class IndexDamagedError(LibraryError):
    """Files of the build are missing or do not fit together; ``what`` says which."""

    def __init__(self, what: str) -> None:
        super().__init__(tr("{what}。请重建：searchapp index --rebuild 报告文件夹", what=what))


class EngineUnavailableError(LibraryError):
    """The servers of a distributed engine do not answer, or not all of them: there is no whole answer."""


class BusyError(SearchappError):
    """A server has too much to do at once; in ``seconds`` it is worth trying again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TimeLimitError(SearchappError):
    """The answer took longer than the ``seconds`` that it was given (``time_limit``)."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            tr(
                "这次查询用时超过 {seconds:g} 秒，已经停下，没有给出不完整的结果。"
                "请缩小范围再试：选定单位或年份，换更长的短语，减少检索词，或分几次做。",
                seconds=seconds,
            )
        )


class ClientGoneError(SearchappError):
    """Who asked has closed the connection: what is left of the work is for nobody."""
