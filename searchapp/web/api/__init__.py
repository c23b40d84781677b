"""The JSON API, version 1, and its OpenAPI document.

Useful for: routes and parameters for programs. Not for: the types of answers (``services.payloads``).
"""
