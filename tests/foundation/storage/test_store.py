import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from elearn.foundation.settings import Settings
from elearn.foundation.storage.current import open_store
from elearn.foundation.storage.s3 import PART
from elearn.foundation.storage.store import KeyTaken, MissingFile, Store, new_key

MB = 1024 * 1024
BIG = bytes(range(256)) * (9 * MB // 256) + b"end"


def test_what_was_put_is_read_back_and_was_hashed_on_the_way(files: Store) -> None:
    key = new_key("txt")
    stored = files.put(key, [b"ha", b"", b"lo"])
    assert stored == (4, sha256(b"halo").hexdigest())
    assert files.read(key) == b"halo"
    assert files.size(key) == 4
    assert files.exists(key)


def test_a_file_object_larger_than_one_part_comes_back_whole(files: Store) -> None:
    assert len(BIG) > PART
    key = new_key("bin")
    stored = files.put(key, io.BytesIO(BIG))
    assert stored == (len(BIG), sha256(BIG).hexdigest())
    assert b"".join(files.chunks(key)) == BIG


def test_an_empty_file_is_a_file(files: Store) -> None:
    key = new_key()
    assert files.put(key, []).size == 0
    assert files.size(key) == 0
    assert list(files.chunks(key)) == []


def test_a_range_gives_exactly_its_bytes(files: Store) -> None:
    key = new_key()
    files.put(key, [BIG])
    assert b"".join(files.chunks(key, 5, 9)) == BIG[5:9]
    assert b"".join(files.chunks(key, 4 * MB - 3, 8 * MB + 1)) == BIG[4 * MB - 3 : 8 * MB + 1]
    assert b"".join(files.chunks(key, len(BIG) - 3)) == b"end"


def test_handlers_stream_the_same_bytes(files: Store) -> None:
    key = new_key()
    files.put(key, [BIG])

    async def read() -> bytes:
        return b"".join([piece async for piece in files.achunks(key, 7, 6 * MB)])

    assert asyncio.run(read()) == BIG[7 : 6 * MB]


@pytest.mark.parametrize("content", [b"small", BIG], ids=["small", "big"])
def test_a_stored_file_never_changes(files: Store, content: bytes) -> None:
    key = new_key()
    files.put(key, [b"first"])
    with pytest.raises(KeyTaken):
        files.put(key, [content])
    assert files.read(key) == b"first"


@pytest.mark.parametrize("after", [10, 12 * MB], ids=["early", "late"])
def test_an_upload_that_breaks_off_leaves_nothing(files: Store, after: int) -> None:
    def breaking() -> Iterator[bytes]:
        for _piece in range(0, after, MB):
            yield bytes(min(MB, after))
        raise ConnectionError("gone")

    key = new_key()
    with pytest.raises(Exception, match="gone"):
        files.put(key, breaking())
    assert not files.exists(key)
    assert list(files.keys()) == []


def test_a_deleted_file_is_gone_and_deleting_again_is_fine(files: Store) -> None:
    key = new_key()
    files.put(key, [b"x"])
    files.delete(key)
    files.delete(key)
    assert not files.exists(key)
    for missing in (files.read, files.size, lambda key: list(files.chunks(key))):
        with pytest.raises(MissingFile):
            missing(key)


def test_keys_are_listed_by_what_they_begin_with(files: Store) -> None:
    keys = {new_key("pdf") for _n in range(5)}
    for key in keys:
        files.put(key, [b"x"])
    assert set(files.keys()) == keys
    one = min(keys)
    assert list(files.keys(one[:20])) == [one]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../secret",
        "/etc/passwd",
        "ab/../../x",
        "ab/" + "0" * 32 + "/../x",
        "AB/" + "0" * 32,
        "ab\\x",
    ],
)
def test_a_key_that_was_not_made_here_finds_nothing_and_stores_nothing(files: Store, key: str) -> None:
    for use in (files.read, files.size, lambda key: files.put(key, [b"x"])):
        with pytest.raises(MissingFile):
            use(key)
    files.delete(key)
    assert list(files.keys()) == []


def test_a_suffix_cannot_carry_a_path() -> None:
    assert new_key("../../PDF\n").endswith(".pdf")
    assert new_key() != new_key()


def test_an_address_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="s3://"):
        open_store(Settings(data_dir=tmp_path, storage_url="ftp://somewhere"))


def test_memory_stays_flat_while_a_large_file_passes(tmp_path: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.store import new_key
store, key = LocalDisk(Path(sys.argv[1])), new_key()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
store.put(key, (bytes(1024 * 1024) for _ in range(300)))
assert sum(map(len, store.chunks(key))) == 300 * 1024 * 1024
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    root = Path(__file__).parents[3]
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(ran.stdout) < 60
