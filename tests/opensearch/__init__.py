"""A real cluster of three OpenSearch processes on this machine, and the tests that need to kill some of them.

Only the standard library: the cluster starts before any package of the project is installed.
"""
