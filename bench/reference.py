"""REF: the least that a page from a database costs with these libraries. Nothing of elearn is in it.

A page of 18 KB (a base and a child template, an outline of 60 rows) and three rows by primary key; and one answer
saved through the ORM in a transaction of its own, which is the ceiling of saving.
"""

import os
from datetime import UTC, datetime
from threading import Lock

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import DictLoader, Environment
from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

ROWS = 1_000
BASE = """<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/app.css"><script src="/static/app.js" defer></script></head><body>
<header><nav>{% for href, label in menu %}<a href="{{ href }}">{{ label }}</a>{% endfor %}</nav></header>
<main>{% block main %}{% endblock %}</main><footer>{{ person.name }}</footer></body></html>"""
PAGE = """{% extends "base.html" %}{% block title %}{{ lesson.name }}{% endblock %}{% block main %}
<h1>{{ course.name }}</h1><p>{{ lesson.text }}</p><ol>{% for row in outline %}
<li class="e-li{% if row.done %} done{% endif %}"><a class="e-li__a" href="/belajar/{{ row.id }}"><span class="e-tk">
{% if row.done %}<svg class="i" aria-hidden="true"><use href="/static/icons.svg#check"/></svg>{% endif %}</span>
<strong>{{ row.title }}</strong><small>{{ row.minutes }} menit</small></a></li>{% endfor %}</ol>{% endblock %}"""


class Base(DeclarativeBase):
    """Parent of REF's tables."""


class Person(Base):
    """A row to fetch."""

    __tablename__ = "ref_people"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Course(Base):
    """A row to fetch."""

    __tablename__ = "ref_courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Lesson(Base):
    """A row to fetch."""

    __tablename__ = "ref_lessons"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    text: Mapped[str]


class Saved(Base):
    """An answer to write."""

    __tablename__ = "ref_saved"
    id: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str]
    revision: Mapped[int]
    saved_at: Mapped[datetime]


def fill(url: str) -> None:
    """Make the tables and their rows."""
    engine = _engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for n in range(1, ROWS + 1):
            session.add(Person(id=n, name=f"Peserta Contoh {n}"))
            session.add(Course(id=n, name=f"Pelatihan Contoh {n}"))
            session.add(Lesson(id=n, name=f"Pelajaran Contoh {n}", text="Satu kalimat contoh yang biasa. " * 100))
            session.add(Saved(id=n, answer="", revision=0, saved_at=datetime.now(UTC)))
        session.commit()
    engine.dispose()


def _engine(url: str):
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=20, max_overflow=20)
    engine = create_engine(url, pool_size=20, connect_args={"check_same_thread": False, "timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection, _record) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def create_app() -> FastAPI:
    """REF itself, on the database that REF_DATABASE_URL names."""
    engine = _engine(os.environ["REF_DATABASE_URL"])
    templates = Environment(loader=DictLoader({"base.html": BASE, "page.html": PAGE}), autoescape=True)
    outline = [
        {"id": f"abcdefgh{n:04d}", "title": f"Langkah contoh ke-{n}", "minutes": 5 + n % 10, "done": n < 20}
        for n in range(60)
    ]
    menu = [("/", "Beranda"), ("/pelatihan", "Katalog"), ("/capaian", "Capaian"), ("/saya", "Saya")]
    # SQLite has one writer; a queue in the process is cheaper than its busy handler.
    writing = Lock()
    app = FastAPI()

    @app.get("/page/{n}")
    def page(n: int) -> HTMLResponse:
        with Session(engine) as session:
            found = {
                "person": session.get(Person, n),
                "course": session.get(Course, n),
                "lesson": session.get(Lesson, n),
            }
            return HTMLResponse(templates.get_template("page.html").render(menu=menu, outline=outline, **found))

    @app.post("/save/{n}")
    def save(n: int, answer: str) -> JSONResponse:
        with writing, Session(engine) as session:
            row = session.get_one(Saved, n)
            row.answer, row.revision, row.saved_at = answer, row.revision + 1, datetime.now(UTC)
            session.commit()
            return JSONResponse({"revision": row.revision})

    @app.get("/readyz")
    def ready() -> JSONResponse:
        return JSONResponse({})

    return app
