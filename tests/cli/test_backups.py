"""Backup and restore from the shell; what they do is tested in tests/foundation/backup."""

import zipfile

from sqlalchemy import func, select

from elearn.people.accounts.models import Person
from tests import world


def people(base):
    with base.read() as session:
        return session.scalar(select(func.count()).select_from(Person))


def test_a_backup_into_a_folder_has_the_moment_in_its_name_and_comes_back(elearn, own_database, tmp_path):
    with own_database.write() as session:
        world.cast(session)
    kept = tmp_path / "kept"
    kept.mkdir()
    made = elearn("backup", kept)
    assert made.returncode == 0, made.stderr
    archive = next(kept.glob("elearn-*.zip"))
    assert str(archive) in made.stdout
    with own_database.write() as session:
        world.a_person(session, "Hadi Contoh", None)
        session.commit()
    assert people(own_database) == 8
    own_database.close()
    back = elearn("restore", kept)
    assert back.returncode == 0, back.stderr
    assert people(own_database) == 7


def test_the_key_of_badges_comes_back_and_another_one_is_set_aside(elearn, own_database, tmp_path):
    own_database.close()
    key, archive = tmp_path / "data" / "badge-key.pem", tmp_path / "x.zip"
    assert "no key yet" in elearn("doctor").stdout
    bare = tmp_path / "bare.zip"
    assert "key of Open Badges" not in elearn("backup", bare).stdout
    key.write_text("kunci lama")
    key.chmod(0o600)
    assert "key of Open Badges" in elearn("backup", archive).stdout
    assert archive.stat().st_mode & 0o077 == 0
    assert "which is in the backups" in elearn("doctor").stdout
    key.unlink()
    assert elearn("restore", archive).returncode == 0
    assert (key.read_text(), key.stat().st_mode & 0o777) == ("kunci lama", 0o600)
    key.write_text("kunci baru")
    told = elearn("restore", archive).stdout
    assert key.read_text() == "kunci lama"
    aside = tmp_path / "data" / "badge-key.pem.before-1"
    assert aside.read_text() == "kunci baru"
    assert str(aside) in told
    # An archive without a key takes none away, and says what that means.
    assert "verify by the old one alone" in elearn("restore", bare).stdout
    assert key.read_text() == "kunci lama"
    # A key from elsewhere is its owner's to keep.
    other = tmp_path / "other.pem"
    other.write_text("kunci lain")
    told = elearn("backup", tmp_path / "y.zip", ELEARN_BADGE_KEY=str(other)).stdout
    assert str(other) in told
    with zipfile.ZipFile(tmp_path / "y.zip") as made:
        assert not [name for name in made.namelist() if name.startswith("keys/")]


def test_what_cannot_be_kept_or_put_back_is_refused_with_a_sentence(elearn, own_database, tmp_path):
    target = tmp_path / "x.zip"
    assert elearn("backup", target).returncode == 0
    assert elearn("backup", target).returncode == 1
    assert elearn("backup", tmp_path / "none" / "x.zip").returncode == 1
    (tmp_path / "empty").mkdir()
    assert elearn("restore", tmp_path / "empty").returncode == 1
    assert elearn("restore", tmp_path / "none.zip").returncode == 2
    target.write_bytes(target.read_bytes()[:-200])
    cut = elearn("restore", target)
    assert cut.returncode == 1
    assert cut.stderr.strip()
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as other:
        other.writestr("a", "b")
    assert elearn("restore", tmp_path / "y.zip").returncode == 1
