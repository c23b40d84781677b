"""The tantivy schema: each word of a block once, and how often it stands there as a token of its own.

tantivy's Python package gives no posting lists, and frequencies only inside scores. So a document holds every word of a
field once, and ``<word>␟<n>`` in a second field for a word that stands there ``n`` > 1 times: a list of documents for
each token is then all that is to be asked for. ``number`` names a document in every build that holds it.
"""

from __future__ import annotations

import tantivy

from searchapp.search.schema import WORD_FIELD_WEIGHTS, WordField

NUMBER = "number"
REPORT = "report"
SEPARATOR = "\x1f"
"""No word holds it, and tantivy's whitespace tokenizer does not split at it."""


def tantivy_schema() -> tantivy.Schema:
    """Nothing is stored and no positions are kept: literal/ decides phrases."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(NUMBER, fast=True)
    builder.add_text_field(REPORT, tokenizer_name="raw", index_option="basic")
    for field in WORD_FIELD_WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field(times_field(field), tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def times_field(field: WordField) -> str:
    """The field of frequencies beside a word field."""
    return f"{field}_times"
