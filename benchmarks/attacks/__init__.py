"""Attacks on a real server, each a script that is bounded in count and time and sends to loopback alone.

What hostile files do is in ``tests/hostile``; what damage does, in ``tests/crash/test_damage.py``.
"""
