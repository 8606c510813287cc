"""Rules of readings. Pure."""

from collections.abc import Sequence

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.settings import settings
from elearn.teaching.courses.lesson import Block, Exercise
from elearn.teaching.questions.drafts import Problem


def practice_seed(enrolment_public_id: str, item_key: str) -> str:
    """The secret from which a learner's option ids of one practice question are made."""
    return f"{settings().secret_key}:{enrolment_public_id}:{item_key}"


def body_of(source: str) -> str:
    """A lesson file without its front matter, whose facts the activity's own columns keep."""
    if not source.startswith("---"):
        return source
    _before, _front, body = source.split("---", 2)
    return body.lstrip("\n")


def check_text(blocks: Sequence[Block], problems: Sequence[Problem], completion: str, *, published: bool) -> None:
    """Refuse a text that learners would see broken; a draft may be saved unfinished."""
    if published and (problems or not blocks):
        said = (
            _("Baris %(n)s: %(what)s", n=problems[0].line, what=problems[0].message) if problems else _("Isi materi.")
        )
        raise Invalid(said, {"source": said})
    if completion == "exercise" and not any(isinstance(block, Exercise) for block in blocks):
        said = _("Tambahkan kotak latihan, atau pilih selesai setelah dibaca.")
        raise Invalid(said, {"completion": said})
