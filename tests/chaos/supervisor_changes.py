"""The harness changes these things inside the supervisor; the product knows nothing of it."""

from collections.abc import Callable, Mapping

from supervisor import loggers, supervisord


def no_forgiving() -> None:
    """Lets a log that cannot be written end the supervisor, as it ends a plain supervisord."""
    report, roll_over = loggers.Handler.handleError, loggers.RotatingFileHandler.doRollover
    main = supervisord.main

    def plain() -> None:
        loggers.Handler.handleError = report
        loggers.RotatingFileHandler.doRollover = roll_over
        main()

    supervisord.main = plain


SUPERVISOR_CHANGES: Mapping[str, Callable[[], None]] = {"no-forgiving": no_forgiving}
