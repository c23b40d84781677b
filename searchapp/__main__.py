"""The command, as ``python -m searchapp`` and as the script ``searchapp``."""

import sys


def run() -> None:
    """Runs it. Whoever presses Ctrl-C while its modules are still coming in gets no traceback either."""
    try:
        from searchapp.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
