import json
import os
import random
import shutil
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from elearn.foundation.backup import archive as archives
from elearn.foundation.backup.whole import Contents, backup, examine, restore
from elearn.foundation.database import Database
from elearn.foundation.errors import Conflict, Invalid, Refusal
from elearn.foundation.jobs.actions import enqueue
from elearn.foundation.jobs.models import Job
from elearn.foundation.jobs.worker import run_pending
from elearn.foundation.storage.local import LocalDisk
from elearn.foundation.storage.store import Store, new_key
from tests import databases

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)
TITLE = "Judul \\ \t \n ; é ' \" \\N"


@pytest.fixture
def files(tmp_path: Path) -> Store:
    return LocalDisk(tmp_path / "store")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cadangan.zip"


def add_job(base: Database, title: str = TITLE) -> None:
    with base.write() as session, session.begin():
        enqueue(session, kind="k", title=title, owner_id=1, arguments={"a": [1, None, "é"]}, now=NOW)


def titles(base: Database) -> list[str]:
    with base.read() as session:
        return list(session.scalars(text("SELECT title FROM jobs ORDER BY id")))


def put(files: Store, content: bytes) -> str:
    key = new_key("pdf")
    files.put(key, [content])
    return key


def resealed(source: Path, change: Callable[[zipfile.ZipFile, zipfile.ZipFile], None]) -> None:
    """Rewrite an archive with a valid seal, as somebody who knows the format could."""
    draft = source.with_suffix(".new")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(draft, "w") as new:
        new.comment = b"0" * 64
        change(old, new)
    archives._seal(draft)
    draft.replace(source)


def with_manifest(source: Path, **said: Any) -> None:
    def change(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        for name in old.namelist():
            content = old.read(name)
            if name == archives.MANIFEST:
                content = json.dumps({**json.loads(content), **said}).encode()
            new.writestr(name, content)

    resealed(source, change)


def test_what_was_backed_up_comes_back_exactly(own_database: Database, files: Store, target: Path) -> None:
    add_job(own_database)
    key, lost = put(files, b"isi"), put(files, b"x" * 3_000_000)
    made = backup(target, own_database, files, NOW)
    assert (made.files, made.made_at) == (2, NOW.isoformat())
    assert target.stat().st_mode & 0o777 == 0o600

    with own_database.write() as session, session.begin():
        session.execute(text("DELETE FROM jobs"))
    add_job(own_database, "sesudahnya")
    files.delete(lost)
    later = put(files, b"later")
    restore(target, own_database, files)

    assert titles(own_database) == [TITLE]
    with own_database.read() as session:
        kept = session.query(Job).one()
        assert (kept.arguments, kept.created_at, kept.result) == ({"a": [1, None, "é"]}, NOW, None)
    assert files.read(key) == b"isi"
    assert files.size(lost) == 3_000_000
    assert files.read(later) == b"later"


def test_after_a_restore_new_rows_and_jobs_work(own_database: Database, files: Store, target: Path) -> None:
    for _n in range(3):
        add_job(own_database)
    backup(target, own_database, files, NOW)
    restore(target, own_database, files)
    add_job(own_database, "baru")
    assert titles(own_database)[-1] == "baru"
    assert run_pending(own_database.write) == 4


def test_an_archive_restores_into_an_empty_machine(own_database: Database, files: Store, target: Path) -> None:
    add_job(own_database)
    key = put(files, b"isi")
    backup(target, own_database, files, NOW)
    empty_files = LocalDisk(target.parent / "other")
    if own_database.sqlite:
        other = Database(f"sqlite:///{target.parent / 'new' / 'elearn.db'}")
    else:
        other = own_database
        with own_database.write() as session, session.begin():
            session.execute(text("DROP SCHEMA public CASCADE"))
            session.execute(text("CREATE SCHEMA public"))
            session.execute(text("DROP SCHEMA dbos CASCADE"))
    restore(target, other, empty_files)
    assert titles(other) == [TITLE]
    assert empty_files.read(key) == b"isi"
    if other is not own_database:
        other.close()


def test_an_altered_stored_file_is_put_right(own_database: Database, files: Store, target: Path) -> None:
    key = put(files, b"asli")
    backup(target, own_database, files, NOW)
    files.delete(key)
    files.put(key, [b"alsi"])
    restore(target, own_database, files)
    assert files.read(key) == b"asli"


def test_a_backup_under_writing_holds_one_moment(own_database: Database, files: Store, target: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            # Two rows at a time: a snapshot never has an odd number of them.
            with own_database.write() as session, session.begin():
                for _n in range(2):
                    enqueue(session, kind="k", title="t", owner_id=1, arguments={}, now=NOW)

    writers = [threading.Thread(target=write) for _n in range(3)]
    for writer in writers:
        writer.start()
    try:
        for n in range(3):
            backup(target.with_name(f"{n}.zip"), own_database, files, NOW)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    everything = len(titles(own_database))
    restore(target.with_name("2.zip"), own_database, files)
    held = len(titles(own_database))
    assert held % 2 == 0
    assert 0 < held <= everything


def test_an_archive_is_never_overwritten_and_never_half(own_database: Database, files: Store, target: Path) -> None:
    target.write_bytes(b"other")
    with pytest.raises(Conflict):
        backup(target, own_database, files, NOW)
    assert target.read_bytes() == b"other"

    class Breaking(LocalDisk):
        def chunks(self, key: str, start: int = 0, end: int | None = None) -> Any:
            raise OSError("disk")

    broken = Breaking(target.parent / "breaking")
    put(broken, b"x")
    with pytest.raises(OSError, match="disk"):
        backup(target.with_name("half.zip"), own_database, broken, NOW)
    assert {each.name for each in target.parent.iterdir() if each.is_file()} == {target.name}


@pytest.fixture
def good(own_database: Database, files: Store, target: Path) -> Path:
    add_job(own_database, "dulu")
    put(files, b"isi" * 1000)
    backup(target, own_database, files, NOW)
    add_job(own_database, "kini")
    return target


def refused(source: Path, base: Database, files: Store) -> str:
    """The refusal's sentence, after seeing that database and files are as they were."""
    before = titles(base), sorted(files.keys())
    with pytest.raises(Refusal) as refusal:
        restore(source, base, files)
    assert (titles(base), sorted(files.keys())) == before
    assert refusal.value.message.endswith(".")
    return refusal.value.message


def test_an_archive_cut_short_anywhere_is_refused(own_database: Database, files: Store, good: Path) -> None:
    content = good.read_bytes()
    for keep in (0, 10, 64, len(content) // 2, len(content) - 65, len(content) - 1):
        good.write_bytes(content[:keep])
        assert "rusak" in refused(good, own_database, files)


def test_any_flipped_bit_is_refused(own_database: Database, files: Store, good: Path) -> None:
    content = good.read_bytes()
    chance = random.Random(7)
    for _n in range(40):
        at, bit = chance.randrange(len(content)), chance.randrange(8)
        flipped = bytearray(content)
        flipped[at] ^= 1 << bit
        good.write_bytes(bytes(flipped))
        with pytest.raises(Invalid):
            examine(good)
    assert "rusak" in refused(good, own_database, files)


@pytest.mark.parametrize("said", [{"format": 3}, {"revision": "9999"}, {"app_version": "999.0.0"}])
def test_an_archive_of_a_newer_version_is_refused(
    own_database: Database, files: Store, good: Path, said: dict[str, Any]
) -> None:
    with_manifest(good, **said)
    assert "lebih baru" in refused(good, own_database, files)


@pytest.mark.parametrize(
    "name",
    ["files/../../evil", "/etc/cron.d/evil", "..\\evil", "database/../evil.copy", "files/ab/" + "A" * 32, "evil.sh"],
)
def test_a_path_that_leads_elsewhere_is_refused(own_database: Database, files: Store, good: Path, name: str) -> None:
    def change(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        said = json.loads(old.read(archives.MANIFEST))
        said["parts"].append({"name": name, "size": 4, "sha256": sha256(b"evil").hexdigest()})
        for each in old.namelist():
            new.writestr(each, json.dumps(said) if each == archives.MANIFEST else old.read(each))
        new.writestr(name, b"evil")

    resealed(good, change)
    assert "bukan cadangan" in refused(good, own_database, files)
    assert not list(good.parent.rglob("evil*"))


def test_a_part_that_is_not_what_the_manifest_says_is_refused(own_database: Database, files: Store, good: Path) -> None:
    def change(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        for each in old.namelist():
            new.writestr(each, b"x" * 3000 if each.startswith("files/") else old.read(each))

    resealed(good, change)
    assert "rusak" in refused(good, own_database, files)


def test_parts_left_out_or_added_are_refused(own_database: Database, files: Store, good: Path) -> None:
    def leave_out(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        for each in old.namelist():
            if not each.startswith("files/"):
                new.writestr(each, old.read(each))

    resealed(good, leave_out)
    assert "bukan cadangan" in refused(good, own_database, files)


def test_another_zip_and_another_file_are_refused(own_database: Database, files: Store, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("a", "b")
    refused(target, own_database, files)
    target.write_bytes(os.urandom(5000))
    refused(target, own_database, files)
    refused(target.with_name("nothing.zip"), own_database, files)


def test_an_archive_of_the_other_kind_of_database_is_refused(
    own_database: Database, files: Store, target: Path
) -> None:
    if len(databases.KINDS) < 2:
        pytest.skip("one kind of database here")
    other_url = databases.fresh_url("postgresql" if own_database.sqlite else "sqlite")
    other = Database(other_url)
    add_job(other)
    backup(target, other, files, NOW)
    assert "jenis lain" in refused(target, own_database, files)
    other.close()
    databases.drop(other_url)


def test_rows_that_do_not_fit_the_schema_undo_the_whole_restore(
    own_database: Database, files: Store, good: Path
) -> None:
    if own_database.sqlite:
        pytest.skip("SQLite's archive holds the schema too")

    def change(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        said = json.loads(old.read(archives.MANIFEST))
        for part in said["parts"]:
            if part["name"] == "database/jobs.copy":
                part.update(size=4, sha256=sha256(b"bad\n").hexdigest())
        for each in old.namelist():
            content = {archives.MANIFEST: json.dumps(said).encode(), "database/jobs.copy": b"bad\n"}
            new.writestr(each, content.get(each) or old.read(each))

    resealed(good, change)
    assert "tidak cocok" in refused(good, own_database, files)


def test_a_broken_database_in_the_archive_is_refused(own_database: Database, files: Store, good: Path) -> None:
    if not own_database.sqlite:
        pytest.skip("PostgreSQL's archive holds no database file")

    def change(old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        said = json.loads(old.read(archives.MANIFEST))
        broken = old.read(archives.SQLITE)
        broken = broken[:8192] + bytes(8192) + broken[16384:]
        for part in said["parts"]:
            if part["name"] == archives.SQLITE:
                part.update(sha256=sha256(broken).hexdigest())
        for each in old.namelist():
            content = {archives.MANIFEST: json.dumps(said).encode(), archives.SQLITE: broken}
            new.writestr(each, content.get(each) or old.read(each))

    resealed(good, change)
    assert "rusak" in refused(good, own_database, files)


def test_an_archive_of_an_older_schema_is_brought_up_to_date(own_database: Database, files: Store, good: Path) -> None:
    contents: Contents = examine(good)
    restore(good, own_database, files)
    with own_database.write() as session, session.begin():
        # As if the live schema were another one: it must be made anew before the rows come in.
        session.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    if own_database.sqlite:
        shutil.copy(good, good.with_name("again.zip"))
    restore(good, own_database, files)
    with own_database.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == contents.revision
    assert titles(own_database) == ["dulu"]
