"""Indexing: sources to the next build of an index, complete or not at all.

The build mirrors its sources: unchanged files are carried over, changed ones replaced, removed ones dropped. The
result equals a build from nothing (docs/inside/semantics.md, section 7). One report is in memory at a time; of all
others only drafts (docs/inside/indexing.md).
"""

from __future__ import annotations

from pathlib import Path

from searchapp.errors import LibraryError
from searchapp.indexing.drafts import Drafts
from searchapp.indexing.gather import NoProgress, Progress, gather, open_base, refuse_emptied, roots_of_run
from searchapp.indexing.next_build import NextBuild
from searchapp.indexing.sources import list_sources
from searchapp.indexing.values import IndexingOptions, IndexingReport, Pipeline
from searchapp.store import builds
from searchapp.store.files import Spool, discard_spools, reason_of

__all__ = ["IndexingOptions", "IndexingReport", "Pipeline", "build_index"]


def build_index(
    index: Path, options: IndexingOptions, pipeline: Pipeline, progress: Progress | None = None
) -> IndexingReport:
    """Brings the index in folder ``index`` up to date with its sources.

    Raises ``IndexBusyError``, ``SourceError`` (a source is missing, empty or not the index's own) or ``LibraryError``
    (it cannot be written); then the index is as it was.
    """
    try:
        return _build_index(index, options, pipeline, progress or NoProgress())
    except OSError as exc:
        raise LibraryError(f"索引写不下去：{reason_of(exc)}。原有的索引没有受影响。") from exc


def _build_index(index: Path, options: IndexingOptions, pipeline: Pipeline, progress: Progress) -> IndexingReport:
    with builds.index_lock(index):
        builds.recover(index)
        builds.discard_stale(index)
        discard_spools(index)
        base = open_base(index, pipeline.engine, pipeline.fingerprint)
        spool = Spool(index)
        try:
            roots = roots_of_run(index, base, options.sources, options.add, options.replace)
            listing = list_sources(index, roots, follow_links=options.follow_links)
            refuse_emptied(roots, listing.files, base)
            if options.rebuild:
                base.onward = False
            drafts = Drafts(spool, base.reader, pipeline.analyzer)
            gathered = gather(
                listing,
                base,
                drafts,
                pipeline.analyzer,
                jobs=options.jobs,
                budget=options.budget,
                ocr=options.ocr,
                progress=progress,
            )
            progress.writing()
            return NextBuild(index, pipeline, roots, base, drafts, gathered, options.jobs).finish()
        finally:
            spool.close()
            base.close()
