"""Files to be saved: bytes with a name, which may be Chinese (RFC 6266), never shown inside a page."""

from __future__ import annotations

import io

from flask import Response, send_file


def attachment(content: bytes, name: str, content_type: str = "application/octet-stream") -> Response:
    """An answer that a browser saves under ``name``."""
    shown = "".join(char for char in name if char.isprintable() and char not in '/\\"') or "file"
    return send_file(io.BytesIO(content), mimetype=content_type, as_attachment=True, download_name=shown, max_age=0)
