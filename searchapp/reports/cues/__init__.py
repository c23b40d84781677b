"""Editable tables: cue words of parts and topics, names of organs and places. Data only."""
