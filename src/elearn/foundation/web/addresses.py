"""Addresses: with filters, and those in which an id stands where words stand as well.

/kelola/sertifikat/baru is a page, no certificate.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.convertors import Convertor, register_url_convertor


class _PublicId(Convertor[str]):
    regex = "[0-9a-hjkmnp-tv-z]{12,16}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("id", _PublicId())


def with_filters(path: str, words: Mapping[str, object]) -> str:
    """The address of a page with those filters that are set."""
    told = {name: word for name, word in words.items() if word}
    return f"{path}?{urlencode(told)}" if told else path


def one(name: str) -> str:
    """The part of a route's path that takes a public id and nothing else."""
    return f"{{{name}:id}}"
