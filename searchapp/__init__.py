"""searchapp: exact full-text and faceted search over Chinese reports, down to the paragraph."""

__version__ = "0.1.0"
