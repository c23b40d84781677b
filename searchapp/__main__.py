"""The command, as ``python -m searchapp`` and as the script ``searchapp``."""

import os
import signal
import sys

EXIT_TERMINATED = 128 + signal.SIGTERM


def run() -> None:
    """Runs it. SIGTERM ends it as Ctrl-C does, cleaning up, also as process 1 of a container.

    Whoever presses Ctrl-C while its modules are still coming in gets no traceback either.
    """
    # NumPy starts a thread of its BLAS for every core, and they spin for work: no matrix is ever multiplied here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_TERMINATED))
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started it
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
    try:
        from searchapp.cli import main
    except KeyboardInterrupt:
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
