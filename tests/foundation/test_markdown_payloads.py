"""U9: nothing a text holds becomes script, a form or a false screen. What the browser would see is read back."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from elearn.foundation import markdown
from elearn.foundation.markdown import Picture, inline, render
from tests.foundation.markdown_payloads import PAYLOADS

TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "figure", "figcaption", "div"),
    *(
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "span",
        "a",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "del",
        "code",
        "br",
        "img",
    ),
}
CLASSES = {None, "", "e-tw", "e-tb e-tb--c", "e-fig", "e-vh", "b", "n"}
ATTRIBUTES = {
    "href",
    "title",
    "rel",
    "src",
    "alt",
    "width",
    "height",
    "loading",
    "decoding",
    "scope",
    "data-l",
    "start",
}


class Seen(HTMLParser):
    """Elements and attributes, decoded as a browser decodes them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!--", {}))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("!doctype", {}))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("![", {}))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("?", {}))


def harmful(html: str) -> list[str]:
    found = []
    for tag, attributes in Seen(html).elements:
        if tag not in TAGS:
            found.append(f"<{tag}>")
        if attributes.get("class") not in CLASSES:
            found.append(f"class {attributes['class']}")
        found += [f"attribute {name}" for name in attributes if name not in ATTRIBUTES | {"class"}]
        for name in ("href", "src"):
            # Browsers drop control characters and blanks around and inside before they read the scheme.
            address = "".join(c for c in attributes.get(name) or "" if c > " ")
            if urlsplit(address).scheme not in ("", "http", "https", "mailto"):
                found.append(f"{name} {address}")
    return found


def echoed(source: str) -> Picture:
    """The most careless place a picture could come from: the author's own words."""
    return Picture(source)


def test_there_are_enough_payloads_and_each_once() -> None:
    assert len(PAYLOADS) >= 150
    assert len(set(PAYLOADS)) == len(PAYLOADS)


@pytest.mark.parametrize(
    "html",
    [
        "<script>",
        "<form>",
        "<p onclick=a>",
        "<p style=a>",
        "<a href='java&#9;script:a'>",
        "<div class=e-btn>",
        "<p id=isi>",
        "<!--a-->",
        "<svg>",
        "<img src=data:a>",
    ],
)
def test_the_reader_of_this_test_sees_harm(html: str) -> None:
    assert harmful(html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_becomes_harmless(payload: str) -> None:
    assert harmful(render(payload, image_url=echoed)) == []
    assert harmful(inline(payload, image_url=echoed)) == []


@pytest.mark.parametrize(
    "frame",
    [
        "**{}**",
        "> {}",
        "- {}",
        "## {}",
        "| a | {} |\n|---|---|\n| {} | b |",
        "[{}](b)",
        "![{}](b.png)",
        '![a](b.png "{}")',
    ],
)
def test_payloads_stay_harmless_inside_other_marks(frame: str) -> None:
    for payload in PAYLOADS:
        text = frame.replace("{}", payload)
        assert harmful(render(text, image_url=echoed)) == [], text


def test_the_second_wall_stands_alone() -> None:
    """Were the parser to let HTML through, the sanitiser would still keep the harm out."""
    for payload in PAYLOADS:
        assert harmful(markdown._BLOCKS.clean(payload)) == [], payload
        assert harmful(markdown._WORDS.clean(payload)) == [], payload
