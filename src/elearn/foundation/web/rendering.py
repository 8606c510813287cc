"""Templates to responses. Templates are addressed by package: `quizzes/question.html`."""

import json
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import BaseLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from elearn.foundation import i18n, markdown
from elearn.foundation.settings import settings
from elearn.foundation.web.menu import menu_for, switch_for
from elearn.foundation.web.naming import Naming

SOURCE = Path(__file__).parents[2]
STATIC = Path(__file__).parent / "static" / "dist"
FLASH_COOKIE = "flash"
# Whether single keys do something on this device; they do unless somebody switched them off (WCAG 2.1.4).
KEYS_COOKIE, KEYS_OFF = "tombol", "mati"


class Around:
    """What a part asks for of the page that uses it, as `around.errors`; None where the page does not have it.

    So parts are imported without the page's context, which the template engine then makes once and not for each page.
    """

    def __getattr__(self, name: str) -> Any:
        return _around.get().get(name)


_around: ContextVar[dict[str, Any]] = ContextVar("around", default={})  # noqa: B039 - never written to


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A page for this request's actor, never cached by anyone else."""
    actor = getattr(request.state, "actor", None)
    path = request.url.path
    flash = _flash_of(request)
    page: dict[str, Any] = {
        "request": request,
        "actor": actor,
        "menu": menu_for(actor, path) if actor else [],
        "roles_switch": switch_for(actor, path) if actor else [],
        "csp_nonce": getattr(request.state, "csp_nonce", ""),
        "locale": i18n.current_locale(),
        "theme": getattr(actor, "theme", "") or request.cookies.get("theme", ""),
        "text_size": getattr(actor, "text_size", "") or "",
        "keys": request.cookies.get(KEYS_COOKIE) != KEYS_OFF,
        "contact": settings(),
        "flash": flash,
        "errors": {},
        "typed": {},
        "naming": Naming(),
        **context,
    }
    _around.set(page)
    html = page["naming"].filled(environment(i18n.current_locale()).get_template(template).render(page))
    response = HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
    if flash:
        response.delete_cookie(FLASH_COOKIE)
    return response


def redirect(path: str, flash: str = "", kind: str = "ok") -> RedirectResponse:
    """See other; `flash` is said once on the next page, `kind` is ok, info, w or x."""
    response = RedirectResponse(path, status_code=303)
    if flash:
        said = quote(json.dumps([kind, flash[:600]]))
        response.set_cookie(
            FLASH_COOKIE, said, max_age=60, httponly=True, samesite="lax", secure=settings().secure_cookies
        )
    return response


def local_path(path: str | None, otherwise: str = "/") -> str:
    """A path on this site to go on to, or the fallback: never another site's address (CWE-601)."""
    plain = path is not None and path.startswith("/") and not path.startswith(("//", "/\\"))
    if not plain or path is None or any(ord(sign) < 33 or sign == "\\" for sign in path):
        return otherwise
    return path


def grouped_digits(nip: str | None) -> str:
    """`19850101 201001 1 001`: the 18 digits of a NIP in the groups in which it is printed."""
    if nip is None or len(nip) != 18:
        return nip or ""
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"


def asset(name: str) -> str:
    """The address of a built asset, for example `core.js`."""
    return f"/static/{_manifest().get(name, name)}"


@cache
def _manifest() -> dict[str, str]:
    file = STATIC / "manifest.json"
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _flash_of(request: Request) -> list[tuple[str, str]]:
    try:
        kind, text = json.loads(unquote(request.cookies.get(FLASH_COOKIE, "")))
        return [(str(kind), str(text))]
    except ValueError:
        return []


def _told(message: str, **values: Any) -> Markup:
    """A text in the present language with its placeholders filled in and made safe."""
    return _filled(message, i18n.current_locale(), **values)


@lru_cache(maxsize=4096, typed=True)
def _filled(message: str, locale: str, **values: Any) -> Markup:
    told = Markup(i18n.text(message, locale))  # noqa: S704 - our own catalogue's
    return told % values if values or "%" in told else told


@cache
def _symbol(name: str, label: str = "") -> Markup:
    """One symbol of the sprite; display.html describes it. A function, since pages ask for it dozens of times."""
    heard = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="i" {}><use href="{}#i-{}"/></svg>').format(heard, asset("icons.svg"), name)


@lru_cache(maxsize=2048, typed=True)
def _inline(text: str) -> Markup:
    return Markup(markdown.inline(text))  # noqa: S704 - sanitised there


@lru_cache(maxsize=2048, typed=True)
def _plain(text: str) -> str:
    return markdown.plain(text)


class _Speaking(Environment):
    """The template engine of one language: a text without placeholders is translated once, with its template."""

    locale: str

    def _generate(self, source: nodes.Template, *names: Any, **options: Any) -> str:
        return super()._generate(_Translated(self.locale).visit(source), *names, **options)


class _Template(Template):
    """A template whose parts are made once: they ask `around` for what is the page's, and nothing else differs."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


_Speaking.template_class = _Template


class _Translated(NodeTransformer):
    def __init__(self, locale: str) -> None:
        self.locale = locale

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - named after the class
        call = self.generic_visit(node)
        assert isinstance(call, nodes.Call)  # noqa: S101 - visiting changes what is in it
        match call.node, call.args, call.kwargs:
            case nodes.Name(name="_"), [nodes.Const(value=message)], []:
                return nodes.Const(_filled(message, self.locale), lineno=node.lineno)
        return call


@cache
def environment(locale: str) -> Environment:
    """The template engine: one folder a package, missing names are errors, texts go through gettext."""
    folders: dict[str, BaseLoader] = {
        folder.parent.name: FileSystemLoader(folder) for folder in sorted(SOURCE.glob("*/*/templates"))
    }
    folders["web"] = FileSystemLoader(Path(__file__).parent / "templates" / "web")
    made = _Speaking(
        loader=PrefixLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=not settings().production,
    )
    made.install_gettext_callables(i18n.gettext, i18n.plural, newstyle=True)  # type: ignore[attr-defined]
    made.locale = locale
    made.globals.update(asset=asset, around=Around(), symbol=_symbol, _=_told)
    made.filters.update(
        date=i18n.format_date,
        period=i18n.format_period,
        datetime=i18n.format_datetime,
        time=i18n.format_time,
        number=i18n.format_number,
        minutes=i18n.format_minutes,
        filesize=i18n.format_size,
        filelimit=i18n.format_limit,
        nip=grouped_digits,
        md_inline=_inline,
        md_plain=_plain,
    )
    return made
