"""A request's body into the store, piece by piece, without holding it in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from starlette.concurrency import run_in_threadpool

from elearn.foundation.errors import Invalid
from elearn.foundation.i18n import _
from elearn.foundation.storage.store import Store, Stored


async def aput(store: Store, key: str, body: AsyncIterator[bytes], *, limit: int) -> Stored:
    """Store what arrives, for example `request.stream()`. More than `limit` bytes is refused and nothing is kept."""
    loop = asyncio.get_running_loop()

    def arriving() -> Iterator[bytes]:
        size = 0
        while (piece := asyncio.run_coroutine_threadsafe(_next(body), loop).result()) is not None:
            size += len(piece)
            if size > limit:
                raise Invalid(
                    _(
                        "Berkas melebihi batas %(mb)s MB. Unggah berkas lebih kecil.",
                        mb=limit // 1024**2,
                    )
                )
            yield piece

    return await run_in_threadpool(store.put, key, arriving())


async def _next(body: AsyncIterator[bytes]) -> bytes | None:
    return await anext(body, None)
