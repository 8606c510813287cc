"""How often what is random is tried."""

import os


def often(examples: int) -> int:
    """So many examples in the suite, and ELEARN_FUZZ times as many in `make fuzz`."""
    return examples * int(os.environ.get("ELEARN_FUZZ", "1"))
