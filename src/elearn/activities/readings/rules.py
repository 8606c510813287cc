"""Rules of readings. Pure."""

from elearn.foundation.settings import settings


def practice_seed(enrolment_public_id: str, item_key: str) -> str:
    """The secret from which a learner's option ids of one practice question are made."""
    return f"{settings().secret_key}:{enrolment_public_id}:{item_key}"


def body_of(source: str) -> str:
    """A lesson file without its front matter, whose facts the activity's own columns keep."""
    if not source.startswith("---"):
        return source
    _before, _front, body = source.split("---", 2)
    return body.lstrip("\n")
