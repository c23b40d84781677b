"""What every request and answer has in common: reading, caching, language, problems, security headers.

Useful for: HTTP itself. Not for: any page.
"""
