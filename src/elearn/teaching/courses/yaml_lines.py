"""YAML mappings that know the line of each key, so that a mistake can be shown where it was made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.teaching.questions.drafts import Problem


class Unreadable(Invalid):
    """The text is no YAML mapping; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class Fields:
    """One mapping. Each reading method notes what is wrong in `problems` and returns a usable value anyway."""

    line: int
    values: dict[str, tuple[Any, int]]
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def line_of(self, key: str) -> int:
        """Where the key stands; the mapping's first line when it is missing."""
        return self.values[key][1] if key in self.values else self.line

    def wrong(self, key: str, message: str) -> None:
        """Note a problem at the line of a key."""
        self.problems.append(Problem(self.line_of(key), message))

    def text(self, key: str, *, required: bool = True, limit: int = 200) -> str:
        """A line of text."""
        value = self._value(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, _("Tulis %(key)s sebagai teks di dalam tanda petik.", key=key))
            return ""
        text = " ".join(value.split())
        if required and not text:
            self.wrong(key, _("Isi %(key)s.", key=key))
        if len(text) > limit:
            self.wrong(key, _("Ringkas %(key)s menjadi paling banyak %(max)s huruf.", key=key, max=limit))
        return text

    def number(self, key: str, *, least: int, most: int, default: int | None = None) -> int:
        """A whole number; required when it has no default."""
        value = self._value(key, required=default is None)
        if value is None:
            return least if default is None else default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            message = _(
                "Tulis %(key)s berupa bilangan bulat %(least)s sampai %(most)s.", key=key, least=least, most=most
            )
            self.wrong(key, message)
            return least
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """`true` or `false`."""
        value = self._value(key, required=False)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, _("Tulis %(key)s: true atau %(key)s: false.", key=key))
            return default
        return value

    def choice(self, key: str, choices: Iterable[str], *, default: str | None = None) -> str:
        """One of the words; required when it has no default."""
        value = self._value(key, required=False)
        words = list(choices)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in words:
            self.wrong(key, _("Pilih %(key)s: %(words)s.", key=key, words=", ".join(words)))
            return words[0]
        return value

    def texts(self, key: str, *, limit: int = 300) -> list[str]:
        """A list of at least one text."""
        value = self._value(key, required=True)
        if value is None:
            return []
        if not isinstance(value, list) or not value or not all(isinstance(t, str) and t.strip() for t, _l in value):
            self.wrong(key, _("Tulis %(key)s sebagai daftar teks, satu baris setiap butir.", key=key))
            return []
        for text, line in value:
            if len(text) > limit:
                message = _("Ringkas butir ini menjadi paling banyak %(max)s huruf.", max=limit)
                self.problems.append(Problem(line, message))
        return [" ".join(text.split()) for text, _line in value]

    def mappings(self, key: str) -> Iterator["Fields"]:
        """The mappings of a list that must not be empty."""
        value = self._value(key, required=True)
        if value is None:
            return
        if not isinstance(value, list) or not value:
            self.wrong(key, _("Tulis paling sedikit satu butir di bawah %(key)s.", key=key))
            return
        for item, line in value:
            if isinstance(item, Fields):
                yield item
            else:
                self.problems.append(Problem(line, _("Tulis butir ini sebagai pasangan nama: isi.")))

    def refuse_unknown(self) -> None:
        """Note every key that nobody asked for; call it after the last reading."""
        names = ", ".join(sorted(self.asked))
        for key in self.values.keys() - self.asked:
            self.wrong(key, _("“%(key)s” tidak dikenal. Yang dapat ditulis: %(names)s.", key=key, names=names))

    def _value(self, key: str, *, required: bool) -> Any:
        self.asked.add(key)
        value = self.values[key][0] if key in self.values else None
        if value is None and required:
            self.wrong(key, _("Tambahkan %(key)s.", key=key))
        return value


def read_mapping(text: str, problems: list[Problem], *, first_line: int = 1) -> Fields:
    """The mapping that a YAML text is; raises Unreadable when it is none."""
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise Unreadable(Problem(first_line, _("Tulis pasangan nama: isi.")))
        return _Reading(loader, problems, first_line).mapping(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else first_line
        raise Unreadable(Problem(line, _why_unreadable(error))) from error
    except yaml.YAMLError as error:
        raise Unreadable(Problem(first_line, _("Hapus tanda yang bukan huruf dari berkas ini."))) from error
    except RecursionError as error:
        raise Unreadable(Problem(first_line, _("Kurangi tingkat di dalam berkas ini."))) from error


def _why_unreadable(error: yaml.MarkedYAMLError) -> str:
    """The parser speaks of tokens and blocks; the author made one of three mistakes."""
    if "'\\t'" in (error.problem or ""):
        return _("Ganti tab di awal baris dengan spasi.")
    if isinstance(error, yaml.parser.ParserError):
        return _("Periksa penulisan YAML. Baris dari satu daftar dimulai dengan jumlah spasi yang sama.")
    return _("Periksa penulisan YAML. Teks yang memuat titik dua ditulis di dalam tanda petik.")


@dataclass
class _Reading:
    """One reading of one text. Each node is read once, so that a text cannot multiply itself by references."""

    loader: yaml.SafeLoader
    problems: list[Problem]
    first_line: int
    read: set[int] = field(default_factory=set)

    def line(self, node: yaml.Node) -> int:
        return node.start_mark.line + self.first_line

    def mapping(self, node: yaml.MappingNode) -> Fields:
        fields = Fields(self.line(node), {}, self.problems)
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            line = self.line(key_node)
            if not key:
                self.problems.append(Problem(line, _("Tulis nama sebelum titik dua.")))
            elif key in fields.values:
                self.problems.append(Problem(line, _("Hapus salah satu “%(key)s”: tertulis dua kali.", key=key)))
            else:
                fields.values[key] = (self.plain(value_node), line)
        return fields

    def plain(self, node: yaml.Node) -> Any:
        """Scalars as Python values, mappings as Fields, lists as pairs of value and line."""
        if id(node) in self.read:
            self.problems.append(Problem(self.line(node), _("Tulis isian ini lengkap, tanpa tanda & dan *.")))
            return None
        self.read.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [(self.plain(item), self.line(item)) for item in node.value]
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self.problems.append(Problem(self.line(node), _("Tulis isian ini di dalam tanda petik.")))
            return None
