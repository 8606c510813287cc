"""Ids that are gathered before a statement looks for their rows, on either database."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class gathered_in(GenericFunction[bool]):  # noqa: N801 - it is called as a function
    """Whether an id is one of what a scalar subquery finds.

    PostgreSQL gathers them first and then looks each up by its index; left to itself it guesses that there are many,
    and reads the whole table of a million for the thirty of one unit.
    """

    type = Boolean()
    inherit_cache = True


@compiles(gathered_in, "sqlite")
def _sqlite(element: gathered_in, compiler: Any, **options: Any) -> str:
    wanted, found = (compiler.process(each, **options) for each in element.clauses)
    return f"{wanted} IN {found}"


@compiles(gathered_in, "postgresql")
def _postgresql(element: gathered_in, compiler: Any, **options: Any) -> str:
    wanted, found = (compiler.process(each, **options) for each in element.clauses)
    return f"{wanted} = ANY (ARRAY {found})"
