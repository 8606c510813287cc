"""Input shapes of designs."""

from typing import Annotated, Literal

from pydantic import Field

from elearn.foundation.web.shapes import Form
from elearn.recognition.designs.design import TITLES, Block, Design

Text = Annotated[str, Field(max_length=250)]
Short = Annotated[str, Field(max_length=120)]


class TemplateWish(Form):
    """A template as it is typed; `course` is a slug."""

    name: Annotated[str, Field(min_length=3, max_length=80)]
    course: Annotated[str, Field(max_length=80)] = ""
    organiser: Annotated[str, Field(max_length=200)] = ""
    kind: Literal["sertifikat", "sttpp"] = "sertifikat"
    title: Annotated[str, Field(min_length=3, max_length=80)]
    opening: Text = ""
    statement: Text = ""
    closing: Text = ""
    shown: list[Literal["nip", "position", "unit", "score"]] = Field(default_factory=list)
    second_page: bool = False
    second_title: Annotated[str, Field(max_length=80)] = "Mata pelatihan"
    position: Short = ""
    signer: Short = ""
    title_before: Short = ""
    title_after: Short = ""
    rank: Short = ""
    nip: Annotated[str, Field(max_length=30)] = ""
    with_titles: bool = False
    with_rank: bool = False
    with_nip: bool = False
    note: Short = ""

    @property
    def retitled(self) -> str:
        """The kind's own title where that of another kind was left standing; empty where the title is one's own."""
        others = {words.casefold() for kind, words in TITLES.items() if kind != self.kind}
        return TITLES[self.kind] if self.title.strip().casefold() in others else ""

    def design(self) -> Design:
        """The content of a version; its logo comes by a form of its own."""
        signer = {name: getattr(self, name) for name in Block.model_fields if name != "name"}
        apart = ("block", "shown", "title", "logo")
        told = {name: getattr(self, name) for name in Design.model_fields if name not in apart}
        block = Block(name=self.signer, **signer)
        return Design(**told, title=self.retitled or self.title, shown=tuple(self.shown), block=block)


class LogoWish(Form):
    """What is typed with a logo: what it shows."""

    alt: Annotated[str, Field(min_length=3, max_length=120)]
