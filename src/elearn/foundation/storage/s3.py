"""Files in a bucket of any service that speaks S3."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import BinaryIO

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from elearn.foundation.storage.reading import ObstoreReading
from elearn.foundation.storage.store import Counted, KeyTaken, Stored, check_key

# The smallest part S3 accepts is 5 MiB; a file may have 10,000 parts, so 8 MiB reaches 78 GiB.
PART = 8 * 1024 * 1024
PARTS_AT_ONCE = 2


class S3Bucket(ObstoreReading):
    """A store in a bucket, under a prefix."""

    piece = 4 * 1024 * 1024

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str,
        access_key_id: str,
        secret_access_key: str,
        region: str,
    ) -> None:
        super().__init__(
            S3Store(
                bucket,
                prefix=prefix or None,
                region=region,
                access_key_id=access_key_id or None,
                secret_access_key=secret_access_key or None,
                endpoint=endpoint or None,
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    "timeout": "120s",
                },
            )
        )

    def put(self, key: str, content: Iterable[bytes] | BinaryIO) -> Stored:
        check_key(key)
        counted = Counted(content)
        arriving = iter(counted)
        start = _first_part(arriving)
        try:
            if len(start) <= PART:
                obstore.put(self._objects, key, start, mode="create")
                return counted.stored
        except AlreadyExistsError as taken:
            raise KeyTaken from taken
        # S3 has no "only if absent" for uploads in parts that obstore could use; random keys do not meet by chance.
        if self.exists(key):
            raise KeyTaken
        obstore.put(
            self._objects,
            key,
            chain([start], arriving),
            use_multipart=True,
            chunk_size=PART,
            max_concurrency=PARTS_AT_ONCE,
        )
        return counted.stored


def _first_part(arriving: Iterator[bytes]) -> bytes:
    """A little more than one part if there is as much, else everything."""
    start = bytearray()
    for piece in arriving:
        start += piece
        if len(start) > PART:
            break
    return bytes(start)
