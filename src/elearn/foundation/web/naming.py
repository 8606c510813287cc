"""What the fields of a form are called, for the summary of errors that stands above them.

The summary is drawn before any field is, so it leaves a mark for each name, and the finished page gets them filled in.
"""

from markupsafe import Markup, escape


class Naming:
    """The names of one page's fields that are wrong."""

    def __init__(self) -> None:
        self._called: dict[str, str] = {}
        self._asked: list[tuple[str, str]] = []

    def call(self, field: str, label: str) -> None:
        """What a wrong field is called; of several of one name the first counts."""
        self._called.setdefault(field, label)

    def mark(self, field: str, message: str) -> Markup:
        """Where the name of a field goes, before what is wrong with it."""
        self._asked.append((field, message))
        return _mark(len(self._asked))

    def filled(self, html: str) -> str:
        """The page with the names in it; a sentence that says the name itself needs none before it."""
        for n, (field, message) in enumerate(self._asked, start=1):
            label = self._called.get(field, "")
            named = "" if label.casefold() in message.casefold() else escape(label) + ": "
            html = html.replace(_mark(n), named, 1)
        return html


def _mark(n: int) -> Markup:
    return Markup("<!--nama {}-->").format(n)
