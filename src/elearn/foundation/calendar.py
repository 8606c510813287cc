"""The calendar of western Indonesia in SQL, on either database."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class wib_month(GenericFunction[str]):  # noqa: N801 - it is called as a function
    """The WIB month on which a moment falls, as `2026-11`."""

    type = String()
    inherit_cache = True


@compiles(wib_month, "sqlite")
def _sqlite(element: wib_month, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)}, '+7 hours')"


@compiles(wib_month, "postgresql")
def _postgresql(element: wib_month, compiler: Any, **options: Any) -> str:
    return f"to_char(timezone(interval '7 hours', {compiler.process(element.clauses, **options)}), 'YYYY-MM')"
