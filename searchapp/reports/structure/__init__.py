"""From the lines of a file to the blocks of its reports: where reports begin, which lines are headings, furniture.

Useful for: rules about lines, numbering and titles. Not for: who wrote a report and when (``metadata``), what a block
is about (``topics``).
"""
