"""Rules of readings. Pure."""

from elearn.foundation.settings import settings


def practice_seed(enrolment_public_id: str, item_key: str) -> str:
    """The secret from which a learner's option ids of one practice question are made."""
    return f"{settings().secret_key}:{enrolment_public_id}:{item_key}"
