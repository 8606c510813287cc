"""A request's body into the store, piece by piece, without holding it in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from elearn.foundation.errors import Invalid, TooLarge
from elearn.foundation.i18n import _, format_limit
from elearn.foundation.storage.store import Store, Stored, new_key

# Pieces cross from the event loop to the thread that writes; bigger ones cross more seldom.
PIECE = 512 * 1024
LONGEST_FIELD = 20_000
MOST_PARTS = 50


@dataclass(frozen=True)
class Received:
    """One file of a form, stored under `key`, and the form's other fields. `name` is what the sender calls it."""

    key: str
    name: str
    size: int
    sha256: str
    fields: dict[str, str]


async def aput(store: Store, key: str, body: AsyncIterator[bytes], *, limit: int) -> Stored:
    """Store what arrives, for example `request.stream()`. More than `limit` bytes is refused and nothing is kept."""
    loop = asyncio.get_running_loop()

    def arriving() -> Iterator[bytes]:
        size = 0
        while (piece := asyncio.run_coroutine_threadsafe(_next(body), loop).result()) is not None:
            size += len(piece)
            if size > limit:
                raise too_large(limit)
            yield piece

    return await run_in_threadpool(store.put, key, arriving())


def too_large(limit: int) -> TooLarge:
    """The refusal of a file above the limit (bytes)."""
    sentence = _("Berkas lebih besar dari %(size)s. Perkecil atau bagi berkasnya.", size=format_limit(limit))
    return TooLarge(sentence, {"file": sentence})


async def receive_file(request: Request, store: Store, *, limit: int, name: str = "file") -> Received:
    """Read a multipart form and put its file straight into the store; memory stays flat.

    Raises Invalid when no file is there, when it is empty or above `limit` bytes; nothing is kept then. The rest of
    the form is still read, so that a browser gets the answer instead of a broken connection.
    """
    form = _Form(request, name)
    key = new_key()
    try:
        stored = await aput(store, key, form.file(), limit=limit)
    except ClientDisconnect as gone:
        # Nobody is left to read it, and it is no failure of ours.
        raise _unreadable() from gone
    except Invalid:
        await form.drain(limit)
        raise
    await form.drain(limit)
    if not form.file_name or not stored.size:
        await run_in_threadpool(store.delete, key)
        sentence = _("Berkas kosong. Pilih berkas lain.") if form.file_name else _("Pilih berkas.")
        raise Invalid(sentence, {"file": sentence})
    return Received(key, form.file_name, stored.size, stored.sha256, form.fields)


async def received_or_refused(request: Request, store: Store, *, limit: int) -> Received | Invalid:
    """The same, with a refusal as an answer, for a page that is then shown again.

    As a dependency it reads the file before a database session is opened for the request.
    """
    try:
        return await receive_file(request, store, limit=limit)
    except Invalid as refusal:
        return refusal


@dataclass
class _Part:
    name: str = ""
    file_name: str | None = None
    header: bytes = b""
    value: bytes = b""
    content: bytearray = field(default_factory=bytearray)


class _Form:
    """A multipart form that is read while it arrives."""

    def __init__(self, request: Request, wanted: str) -> None:
        self.fields: dict[str, str] = {}
        self.file_name = ""
        self._wanted = wanted
        self._body = request.stream()
        self._out = bytearray()
        self._part = _Part()
        self._parts = 0
        self._file_ended = False
        self._parser = self._parser_for(request.headers.get("content-type", ""))

    def _parser_for(self, content_type: str) -> MultipartParser:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise _unreadable()
        return MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
            },
        )

    async def file(self) -> AsyncIterator[bytes]:
        """The bytes of the wanted file. The form's fields before it are known afterwards, the rest after `drain`."""
        async for piece in self._body:
            self._feed(piece)
            if len(self._out) >= PIECE or (self._file_ended and self._out):
                yield self._taken()
            if self._file_ended:
                return
        if self._out:
            yield self._taken()

    async def drain(self, limit: int) -> None:
        """Read what is left of the form, within reason, without keeping files."""
        rest = 0
        async for piece in self._body:
            rest += len(piece)
            if rest > 2 * limit + PIECE:
                return
            self._feed(piece)
            self._out.clear()

    def _taken(self) -> bytes:
        taken = bytes(self._out)
        self._out.clear()
        return taken

    def _feed(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        # The parser's own errors are ValueErrors.
        except ValueError as wrong:
            raise _unreadable() from wrong

    def _begin(self) -> None:
        self._part = _Part()
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise _unreadable()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._part.header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.value += data[start:end]

    def _header_end(self) -> None:
        if self._part.header.lower() == b"content-disposition":
            _kind, options = parse_options_header(self._part.value)
            self._part.name = options.get(b"name", b"").decode(errors="replace")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode(errors="replace")
        self._part.header = self._part.value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if part.file_name is not None:
            if self._is_wanted(part):
                self._out += data[start:end]
        elif len(part.content) < LONGEST_FIELD:
            part.content += data[start : min(end, start + LONGEST_FIELD)]

    def _end(self) -> None:
        part = self._part
        if part.file_name is None:
            self.fields[part.name] = bytes(part.content).decode(errors="replace").replace("\0", "").strip()
        elif self._is_wanted(part):
            self.file_name, self._file_ended = part.file_name, True

    def _is_wanted(self, part: _Part) -> bool:
        return part.name == self._wanted and not self._file_ended


def _unreadable() -> Invalid:
    return Invalid(_("Kiriman tidak lengkap. Pilih berkas, lalu unggah lagi."))


async def _next(body: AsyncIterator[bytes]) -> bytes | None:
    return await anext(body, None)
