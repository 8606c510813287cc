"""Where up meets down: which event sets off which reactions, which activity kinds exist, which menus and jobs.

One page to read aloud. Nothing else knows two layers at once.
"""


def connect() -> None:
    """Register reactions, activity kinds, menus and jobs; doing it twice is the same as once."""


def start_work() -> None:
    """Run jobs in this process."""


def stop_work() -> None:
    """Stop running jobs in this process."""
