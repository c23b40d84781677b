"""部分 and 栏目 of every block: where in the argument it stands, and what it is about.

Useful for: rules that apply the tables of ``cues``. Not for: the tables' format (``reports.cue_tables``).
"""
