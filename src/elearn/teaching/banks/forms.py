"""What instructors type about banks."""

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.teaching.questions.forms import PastedText, QuestionWish


class NewBank(Form):
    """A new bank of a course, by the course's slug."""

    course: str = Field("", max_length=80)
    name: str = Field(min_length=1, max_length=200)


class NewQuestion(QuestionWish):
    """A question and the bank that it goes into, by public id."""

    bank: str = Field("", max_length=16)


class NewText(PastedText):
    """Questions as text and the bank that they go into, by public id."""

    bank: str = Field("", max_length=16)
