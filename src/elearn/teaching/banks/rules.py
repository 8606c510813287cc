"""Rules of banks. Pure."""

from collections.abc import Collection

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.teaching.questions.drafts import Problem, QuestionDraft, faults, faults_of_facts
from elearn.teaching.questions.text import Parsed, parse


def check_sound(draft: QuestionDraft, *, unfinished: bool) -> None:
    """Refuse what cannot be kept and, unless the course may hold unfinished questions, what cannot be graded."""
    found = faults_of_facts(draft) if unfinished else faults(draft)
    if found:
        # The first fault of a field is what its author has to mend first.
        fields = {fault.field: fault.message for fault in reversed(found)}
        raise Invalid(_("Periksa isian yang ditandai."), fields)


def read_text(text: str, taken: Collection[str]) -> Parsed:
    """Questions of a pasted text with its problems by line; `taken` are the ids that stand in the bank already."""
    drafts, problems = parse(text)
    problems += [
        Problem(draft.line, _("Ganti id “%(key)s”: sudah dipakai di bank ini.", key=draft.key))
        for draft in drafts
        if draft.key in taken
    ]
    return Parsed(drafts, sorted(problems, key=lambda problem: problem.line))


def check_text(parsed: Parsed) -> None:
    """Refuse a text without questions or with any problem; nothing of it is taken over then."""
    if parsed.problems:
        first = parsed.problems[0]
        said = _("Baris %(n)s: %(what)s", n=first.line, what=first.message)
    elif not parsed.drafts:
        said = _("Tempel paling sedikit satu soal. Soal diawali tanda ?.")
    else:
        return
    raise Invalid(said, {"text": said})
