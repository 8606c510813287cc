"""The calendar of western Indonesia in SQL, on either database."""

from datetime import date
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class wib_month(GenericFunction[str]):  # noqa: N801 - it is called as a function
    """The WIB month on which a moment falls, as `2026-11`."""

    type = String()
    inherit_cache = True


class wib_day(GenericFunction[date]):  # noqa: N801 - it is called as a function
    """The WIB day on which a moment falls."""

    type = Date()
    inherit_cache = True


@compiles(wib_month, "sqlite")
def _month_sqlite(element: wib_month, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)}, '+7 hours')"


@compiles(wib_month, "postgresql")
def _month_postgresql(element: wib_month, compiler: Any, **options: Any) -> str:
    return f"to_char(timezone(interval '7 hours', {compiler.process(element.clauses, **options)}), 'YYYY-MM')"


@compiles(wib_day, "sqlite")
def _day_sqlite(element: wib_day, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+7 hours')"


@compiles(wib_day, "postgresql")
def _day_postgresql(element: wib_day, compiler: Any, **options: Any) -> str:
    return f"CAST(timezone(interval '7 hours', {compiler.process(element.clauses, **options)}) AS date)"
