"""The JSON of all answers: its types and how answers become it.

Useful for: the names and shapes that programs read (docs/inside/semantics.md, section 5). Not for: what an answer holds
(the services beside).
"""
