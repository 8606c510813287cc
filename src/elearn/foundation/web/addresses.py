"""Addresses in which an id stands where words stand as well: /kelola/sertifikat/baru is a page, no certificate."""

from starlette.convertors import Convertor, register_url_convertor


class _PublicId(Convertor[str]):
    regex = "[0-9a-hjkmnp-tv-z]{12,16}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("id", _PublicId())


def one(name: str) -> str:
    """The part of a route's path that takes a public id and nothing else."""
    return f"{{{name}:id}}"
