"""Every command and option explains itself, in Chinese."""

from __future__ import annotations

NEED_AN_INDEX = ["index", "search", "kwic", "export", "suggest", "phrases", "reports", "show", "stats", "verify"]
COMMANDS = [*NEED_AN_INDEX, "check", "serve", "corpus"]
