"""What is said to people who get a code, to paste into a chat. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from elearn.foundation.i18n import _, format_date


@dataclass(frozen=True)
class CodeLine:
    """One person's code on a sheet."""

    name: str
    nip: str
    unit_code: str
    unit: str
    code: str
    until: datetime


def message_for(line: CodeLine, address: str) -> str:
    """For one person."""
    return _(
        "Yth. %(name)s, ini kode masuk elearn Anda: %(code)s. Buka %(address)s, lalu isi NIP dan kode. "
        "Berlaku sampai %(day)s, sekali pakai. Jangan diteruskan.",
        name=line.name,
        code=line.code,
        address=address,
        day=format_date(line.until),
    )


def message_for_unit(unit: str, lines: Iterable[CodeLine], address: str) -> str:
    """For whoever hands the codes out in a unit; never for a group, where anybody could use anybody's code."""
    head = _("Kode masuk elearn untuk %(unit)s. Buka %(address)s, lalu isi NIP dan kode.", unit=unit, address=address)
    return "\n".join([head, *(f"{n}. {line.name}: {line.code}" for n, line in enumerate(lines, start=1))])
