"""A browser reduced to one connection: so light that hundreds fit beside the server that they ask."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, or nothing; names in lower case."""
        wanted = f"\r\n{name}: ".encode()
        start = self.head.lower().find(wanted)
        if start < 0:
            return ""
        start += len(wanted)
        return self.head[start : self.head.index(b"\r\n", start)].decode("latin-1")


class Line(asyncio.Protocol):
    """One HTTP/1.1 connection that is kept open. Takes answers with a Content-Length only."""

    def __init__(self, host: str, port: int, cookie: str = "") -> None:
        self.host, self.port = host, port
        self.cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self.transport: asyncio.Transport | None = None
        self.pending: asyncio.Future[Answer] | None = None
        self.read = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, error: Exception | None) -> None:
        self.transport = None
        if self.pending and not self.pending.done():
            self.pending.set_exception(error or ConnectionResetError("closed"))

    def data_received(self, data: bytes) -> None:
        self.read += data
        end = self.read.find(b"\r\n\r\n")
        if end < 0 or self.pending is None or self.pending.done():
            return
        head = bytes(self.read[: end + 2])
        size = int(Answer(0, head, b"").header("content-length") or 0)
        if len(self.read) < end + 4 + size:
            return
        answer = Answer(int(head[9:12]), head, bytes(self.read[end + 4 : end + 4 + size]))
        self.read.clear()
        self.pending.set_result(answer)

    def close(self) -> None:
        if self.transport:
            self.transport.close()

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(self, path: str, form: str = "", *, accept: str = "text/html") -> Answer:
        return await self.ask("POST", path, form, accept=accept)

    async def ask(self, method: str, path: str, form: str = "", *, accept: str = "text/html") -> Answer:
        """One request. Raises OSError when the server is away; the next one connects anew."""
        if self.transport is None or self.transport.is_closing():
            await asyncio.get_running_loop().create_connection(lambda: self, self.host, self.port)
        self.read.clear()
        self.pending = asyncio.get_running_loop().create_future()
        typed = "Content-Type: application/x-www-form-urlencoded\r\n" if form else ""
        assert self.transport is not None
        self.transport.write(
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nAccept: {accept}\r\n{self.cookie}"
            f"Sec-Fetch-Site: same-origin\r\n{typed}Content-Length: {len(form)}\r\n\r\n{form}".encode()
        )
        return await self.pending
