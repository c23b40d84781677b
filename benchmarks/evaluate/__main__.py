"""``python -m benchmarks.evaluate FOLDER``: questions with known answers, through searchapp and beside plain BM25.

Progress goes to stderr, the result in Markdown to stdout.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import click

from benchmarks.evaluate.collection import Collection, read_collection
from benchmarks.evaluate.library import index_collection
from benchmarks.evaluate.measures import Quality, cross_validated, paired_ratio, quality
from benchmarks.evaluate.report import Row, ratio_text, table
from benchmarks.evaluate.systems import Answers, Formula, answers, baselines, engine_answers
from searchapp.engines.embedded.question_model import WEIGHTS, QuestionWeights

GRID = [
    replace(WEIGHTS, smoothing=smoothing, feedback_share=share, neighbours=neighbours)
    for smoothing, share, neighbours in product((2.0, 3.0, 4.0), (0.2, 0.3, 0.5), (0.0, 0.1, 0.2))
]
"""Settings that cross-validation chooses from."""

_BEGAN = time.perf_counter()


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", default="whoosh", show_default=True, help="Engine that is asked with match=any.")
@click.option("--tuning/--no-tuning", default=True, show_default=True, help="Five-fold cross-validation of constants.")
def main(folder: Path, engine: str, tuning: bool) -> None:
    """Measure the order of hits for the questions in FOLDER (corpus.jsonl, queries.jsonl, qrels.tsv)."""
    collection = read_collection(folder)
    ids = [document.id for document in collection.documents]
    told(f"{len(ids):,} documents, {len(collection.questions)} questions")
    plain = [_row(collection, name, answers(collection, ids, score)) for name, score in baselines(collection)]
    rows = [replace(row, milliseconds=[]) for row in plain]  # they are written to be read, not to be fast
    base = rows[-1].quality
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="searchapp-evaluate-") as scratch:
        told("indexing")
        indexed = index_collection(collection, Path(scratch), engine)
        told("asking")
        rows.append(_row(collection, f"searchapp（{engine}，match=any）", engine_answers(collection, indexed)))
        if engine == "whoosh":
            formula = Formula(Path(scratch), indexed)
            by_ordinal = [ids[at] for at in indexed.order]

            def measured(weights: QuestionWeights, name: str = "") -> Row:
                return _row(collection, name, answers(collection, by_ordinal, formula.scorer(weights)))

            rows.append(measured(WEIGHTS, "公式（第一遍读磁盘）"))
            rows.append(measured(WEIGHTS, "公式"))
            rows.append(measured(replace(WEIGHTS, neighbours=0.0), "公式，不看前后段"))
            rows.append(measured(replace(WEIGHTS, neighbours=0.0, feedback_share=0.0), "公式，也不反馈"))
            if tuning:
                notes.append(_tuned([measured(weights).quality for weights in GRID], base))
            formula.close()
        indexed.library.reader.close()
    click.echo(f"{len(ids):,} 篇，{len(collection.questions)} 问。\n\n{table(rows, base)}")
    for note in notes:
        click.echo(f"\n{note}")
    told("done")


def _row(collection: Collection, name: str, found: Answers) -> Row:
    relevant = [question.relevant for question in collection.questions]
    return Row(name, quality(found.rankings, relevant), found.milliseconds)


def _tuned(tried: list[Quality], base: Quality) -> str:
    told("cross-validation")
    held_out, chosen = cross_validated([of_one.ndcg for of_one in tried])
    means = sorted(float(of_one.ndcg.mean()) for of_one in tried)
    picked = "；".join(
        f"平滑 {weights.smoothing:g}、反馈 {weights.feedback_share:g}、前后段 {weights.neighbours:g}"
        for weights in (GRID[at] for at in chosen)
    )
    return (
        f"五折交叉验证（{len(GRID)} 组参数）：nDCG@10 {held_out.mean():.4f}，"
        f"为相加的 {ratio_text(paired_ratio(held_out, base.ndcg))} 倍。"
        f"各组最低 {means[0]:.4f}、中位 {means[len(means) // 2]:.4f}、最高 {means[-1]:.4f}。\n各折所选：{picked}。"
    )


def told(message: str) -> None:
    """One line of progress, with the seconds since the start."""
    print(f"[{time.perf_counter() - _BEGAN:6.1f} s] {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
