"""Captions: WebVTT as the browser plays it (W3C WebVTT), SubRip turned into it, and their words."""

import re

from elearn.foundation.i18n import _
from elearn.teaching.materials.content import broken

LARGEST = 2 * 1024**2

_CLOCK = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(.*)")
_KEPT = re.compile(r"<(?!/?(?:[biu]|v|c|ruby|rt|lang)\b)[^>]*>|\{\\[^}]*\}")


def to_vtt(content: bytes) -> bytes:
    """WebVTT, made of WebVTT or SubRip. Raises Invalid with the line that is wrong."""
    if len(content) > LARGEST:
        raise broken(_("Takarir lebih besar dari 2 MB. Bagi atau perkecil berkasnya."))
    text = _text(content)
    if text.startswith("WEBVTT"):
        _check(text)
        return text.encode()
    return ("WEBVTT\n\n" + "\n\n".join(_cues(text)) + "\n").encode()


def words(vtt: bytes) -> str:
    """What is said, one cue a line, for search."""
    lines = vtt.decode(errors="replace").split("\n\n")
    said = [_spoken(block) for block in lines if "-->" in block]
    return "\n".join(line for line in said if line)


def _spoken(block: str) -> str:
    lines = block.splitlines()
    at = next(n for n, line in enumerate(lines) if "-->" in line)
    return re.sub(r"<[^>]*>", "", " ".join(lines[at + 1 :])).strip()


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise broken(_("Simpan takarir sebagai teks UTF-8, lalu unggah lagi.")) from wrong
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip() + "\n"


def _check(text: str) -> None:
    count = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if "-->" not in line:
            continue
        if not _TIMES.fullmatch(line):
            raise _wrong_time(number)
        count += 1
    if not count:
        raise broken(_("Takarir ini tidak berisi teks. Periksa berkasnya."))


def _cues(text: str) -> list[str]:
    cues: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if "-->" not in line:
            continue
        found = _TIMES.fullmatch(line)
        if found is None:
            raise _wrong_time(number + 1)
        said = []
        for below in lines[number + 1 :]:
            if not below.strip():
                break
            said.append(_KEPT.sub("", below).replace("-->", "→"))
        times = f"{_clock(*found.groups()[:4])} --> {_clock(*found.groups()[4:8])}"
        cues.append("\n".join([times, *said]))
    if not cues:
        raise broken(_("Takarir ini tidak berisi teks. Periksa berkasnya."))
    return cues


def _clock(hours: str | None, minutes: str, seconds: str, thousandths: str) -> str:
    return f"{int(hours or 0):02d}:{int(minutes):02d}:{int(seconds):02d}.{thousandths.ljust(3, '0')}"


def _wrong_time(number: int) -> Exception:
    return broken(_("Baris %(n)s takarir: waktunya tidak terbaca. Contoh: 00:00:01.000 --> 00:00:04.000", n=number))
