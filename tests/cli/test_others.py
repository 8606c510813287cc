"""Content, tokens, the demo and running from the shell."""

import json

import pytest
from sqlalchemy import select

from elearn.people.access.permissions import Role
from elearn.people.accounts.models import ApiToken
from elearn.teaching.courses.models import Course
from tests import world
from tests.cli.conftest import ROOT


def courses(base):
    with base.read() as session:
        return session.scalars(select(Course.slug)).all()


def test_a_dry_run_writes_nothing(elearn, own_database):
    dry = elearn("content", "sync", ROOT / "content", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "administrasi-pemerintahan" in dry.stdout
    assert courses(own_database) == []
    assert elearn("content", "sync", ROOT / "content").returncode == 0
    assert courses(own_database) == ["administrasi-pemerintahan"]
    assert elearn("content", "sync", ROOT / "nowhere").returncode == 1


def test_a_folder_whose_course_file_is_misspelt_is_named(elearn, tmp_path):
    for name in ("satu/course.yaml", "dua/course.yml"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("title: Arsip", encoding="utf-8")
    refused = elearn("content", "sync", tmp_path)
    assert refused.returncode == 1
    assert f"{tmp_path}/dua/course.yaml:1: Tulis berkas ini." in refused.stderr


def test_a_token_is_printed_once_and_has_its_scopes(elearn, own_database):
    with own_database.write() as session:
        ani = world.cast(session).ani
    made = elearn("token", "create", "--nip", ani.nip, "--scope", "courses:read", "--scope", "enrolment:read")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("elearn_")
    with own_database.read() as session:
        token = session.scalars(select(ApiToken)).one()
    assert (token.person_id, token.scopes) == (ani.id, "courses:read enrolment:read")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--nip", "198501012010012001", "--scope", "everything"), 2),
        (("--nip", "198501012010012001"), 2),
        (("--nip", "nobody", "--scope", "courses:read"), 1),
    ],
)
def test_no_token_for_what_is_not_there(elearn, words, status):
    ended = elearn("token", "create", *words)
    assert ended.returncode == status
    assert ended.stderr.strip()


def test_the_demo_accounts_are_data(bare):
    told = json.loads(bare("demo", "--accounts").stdout)
    assert {str(role) for role in Role} == {each["role"] for each in told}
    assert all(set(each) == {"role", "nip", "password", "name"} for each in told)


def test_the_demo_is_refused_in_production(bare):
    assert bare("demo", ELEARN_MODE="production").returncode == 1


def test_without_a_database_the_sentence_leads_to_the_doctor(bare):
    ended = bare("migrate", ELEARN_DATABASE_URL="postgresql+psycopg://elearn:hush@127.0.0.1:1/elearn")
    assert ended.returncode == 1
    assert "elearn doctor" in ended.stderr
    assert "hush" not in ended.stderr
