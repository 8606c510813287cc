"""Markdown to safe HTML: CommonMark with tables and struck-out text. HTML in the text is shown as text.

Two walls: the parser never passes HTML through, and a sanitiser with an allow-list reads what it made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from elearn.foundation.i18n import _

LINK_SCHEMES = {"http", "https", "mailto"}


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture is found and how large it is, in CSS pixels, so that the page does not jump."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ImageUse:
    """A picture that a text shows, and in which line of the text (from 1) its paragraph begins."""

    source: str
    alt: str
    title: str
    line: int


ImageURL = Callable[[str], str | Picture | None]


def render(text: str, *, image_url: ImageURL) -> str:
    """Safe HTML of a text. Headings start at h2.

    `image_url` gives the address of a picture as the text names it, or None when there is none to show: then its
    words are shown instead.
    """
    return _BLOCKS.clean(_markdown.render(_whole(text), {"image_url": image_url}))


def inline(text: str, *, image_url: ImageURL | None = None) -> str:
    """Safe HTML of a short text without paragraphs, lists or tables, as fits into a label; lines stay lines."""
    return _WORDS.clean(_markdown.renderInline(_whole(text), {"image_url": image_url or _no_picture, "lines": True}))


def plain(text: str) -> str:
    """The words of a text without marks and addresses, one line for each paragraph or cell; for search and counting."""
    lines = (_words_of(token) for token in _markdown.parse(_whole(text)))
    return "\n".join(line for line in lines if line)


def images(text: str) -> list[ImageUse]:
    """The pictures of a text in their order."""
    return [
        ImageUse(
            source=str(child.attrGet("src") or ""),
            alt=child.content.strip(),
            title=str(child.attrGet("title") or ""),
            line=block.map[0] + 1 if block.map else 1,
        )
        for block in _markdown.parse(text)
        for child in block.children or ()
        if child.type == "image"
    ]


def headings(text: str) -> list[tuple[int, int]]:
    """Level as written (`##` is 2) and line of each heading."""
    return [
        (int(token.meta["written"]), token.map[0] + 1 if token.map else 1)
        for token in _markdown.parse(text)
        if token.type == "heading_open"
    ]


def _whole(text: str) -> str:
    """Half of a surrogate pair, as JSON can bring one, has no place in UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _no_picture(source: str) -> None:
    return None


def _words_of(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline", "image"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts).strip()


def _safe_link(url: str) -> bool:
    # Browsers drop tabs and line breaks inside an address before they look for the scheme.
    bare = "".join(c for c in url if c > " " and c != "\x7f")
    try:
        scheme = urlsplit(bare).scheme
    except ValueError:
        return False
    return scheme in LINK_SCHEMES or (not scheme and ":" not in bare.split("/")[0].split("?")[0].split("#")[0])


def _lower_headings(state: StateCore) -> None:
    """The page's own title is the only h1."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            level = int(token.tag[1])
            token.meta["written"] = level
            token.tag = f"h{max(level, 2)}"


def _label_tables(state: StateCore) -> None:
    """Class and heading of each cell, for tables that turn into cards on a phone."""
    labels: list[str] = []
    column = 0
    for token, following in zip(state.tokens, [*state.tokens[1:], None], strict=False):
        if token.type == "thead_open":
            labels = []
        elif token.type == "tr_open":
            column = 0
        elif token.type in ("th_open", "td_open"):
            token.attrs = {"class": "n"} if "right" in str(token.attrGet("style") or "") else {}
            if token.type == "th_open":
                token.attrSet("scope", "col")
                labels.append(_words_of(following) if following else "")
                token.meta["unnamed"] = not labels[-1]
            elif labels[column : column + 1] and labels[column]:
                token.attrSet("data-l", labels[column])
            token.meta["row_heading"] = token.type == "td_open" and column == 0
            column += 1


def _make_figures(state: StateCore) -> None:
    """A picture alone in its paragraph is a figure, its title the caption."""
    tokens = state.tokens
    for opening, inner, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        alone = inner.type == "inline" and [child.type for child in inner.children or ()] == ["image"]
        if opening.type == "paragraph_open" and alone and not opening.hidden:
            opening.tag = closing.tag = "figure"
            opening.attrSet("class", "e-fig")
            for image in inner.children or ():
                image.meta["figure"] = True


def _table_open(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    return '<div class="e-tw"><table class="e-tb e-tb--c">\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    return "</table></div>\n"


def _heading_cell_open(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    # A heading cell without words says nothing to those who hear the table.
    name = f'<span class="e-vh">{_("Uraian")}</span>' if tokens[i].meta["unnamed"] else ""
    return f"<th{self.renderAttrs(tokens[i])}>{name}"


def _cell_open(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[i]
    if token.meta["row_heading"]:
        token.attrs.pop("data-l", None)
        return f'<th scope="row"{self.renderAttrs(token)}>'
    return f"<td{self.renderAttrs(token)}><span>"


def _cell_close(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    opening = next(token for token in reversed(tokens[:i]) if token.type == "td_open")
    return "</th>" if opening.meta["row_heading"] else "</span></td>"


def _image(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[i]
    alt = self.renderInlineAsText(token.children or [], options, env)
    title = str(token.attrGet("title") or "")
    found = env["image_url"](str(token.attrGet("src") or ""))
    picture = Picture(found) if isinstance(found, str) else found
    if picture is None or not _safe_link(picture.url):
        shown = f"<em>{escapeHtml(alt)}</em>"
    else:
        sizes = (("width", picture.width), ("height", picture.height))
        size = "".join(f' {name}="{value}"' for name, value in sizes if value)
        shown = f'<img src="{escapeHtml(picture.url)}" alt="{escapeHtml(alt)}"{size} loading="lazy" decoding="async">'
    caption = f"<figcaption>{escapeHtml(title)}</figcaption>" if title and token.meta.get("figure") else ""
    return shown + caption


def _softbreak(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    return "<br>" if env.get("lines") else "\n"


def _bullet_list(self: RendererHTML, tokens: Sequence[Token], i: int, options: OptionsDict, env: EnvType) -> str:
    return '<ul class="b">\n'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.validateLink = _safe_link  # type: ignore[method-assign]
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.core.ruler.push("label_tables", _label_tables)
    parser.core.ruler.push("make_figures", _make_figures)
    rules: dict[str, Callable[..., Any]] = {
        "table_open": _table_open,
        "table_close": _table_close,
        "th_open": _heading_cell_open,
        "td_open": _cell_open,
        "td_close": _cell_close,
        "image": _image,
        "softbreak": _softbreak,
        "bullet_list_open": _bullet_list,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


_markdown = _parser()

_WORD_TAGS = {"a", "b", "strong", "i", "em", "s", "del", "code", "br", "img"}
_BLOCK_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "hr", "figure", "figcaption"),
    *("div", "table", "thead", "tbody", "tr", "th", "td", "span"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "th": {"scope"},
    "td": {"data-l"},
    "ol": {"start"},
}
_CLASSES = {
    "div": {"e-tw"},
    "table": {"e-tb", "e-tb--c"},
    "figure": {"e-fig"},
    "ul": {"b"},
    "span": {"e-vh"},
    "td": {"n"},
    "th": {"n"},
}
_BLOCKS = nh3.Cleaner(
    tags=_WORD_TAGS | _BLOCK_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes=LINK_SCHEMES,
    link_rel="noopener noreferrer",
)
_WORDS = nh3.Cleaner(
    tags=_WORD_TAGS,
    attributes={"a": {"href", "title"}, "img": _ATTRIBUTES["img"]},
    url_schemes=LINK_SCHEMES,
    link_rel="noopener noreferrer",
)
