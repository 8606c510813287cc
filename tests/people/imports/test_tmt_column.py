"""The TMT columns of a file: which are found, what the dry run shows, what is refused, and what is then so."""

from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from elearn.foundation.clock import wib_date
from elearn.foundation.sheets import read_rows
from elearn.people.accounts.models import FormerName, Person, Placement
from elearn.people.imports import actions
from elearn.people.imports.columns import guessed
from elearn.people.imports.roll import read_roll
from tests.conftest import NOW
from tests.people.imports.files import as_csv, nip

HEADERS = ("nipBaru", "nama", "gelarBelakang", "unorNama", "jabatanNama", "kedudukanPnsId", "tmtJabatan", "tmtPensiun")
FIRST = wib_date(NOW)
LATER = NOW + timedelta(days=60)
TODAY = wib_date(LATER)


def a_row(n, unit="DIK.SD1", tmt="", left="", **fields):
    return (
        nip(n),
        f"Pegawai Contoh {n}",
        fields.get("title", ""),
        unit,
        fields.get("position", "Guru"),
        fields.get("standing", "01"),
        tmt,
        left,
    )


def roll(*rows):
    sheet = read_rows(BytesIO(as_csv(rows, HEADERS)), "pegawai.csv")
    mapping = guessed(sheet.headers)
    assert (mapping["tmt"], mapping["tmt_left"]) == ("tmtJabatan", "tmtPensiun")
    return read_roll(sheet, mapping)


def written(day):
    return f"{day:%d-%m-%Y}"


def history(session, n):
    mine = select(Placement).join(Person, Person.id == Placement.person_id).where(Person.nip == nip(n))
    found = session.scalars(mine.order_by(Placement.valid_from).execution_options(populate_existing=True))
    return [(each.valid_from, each.valid_to) for each in found]


def test_a_change_holds_since_the_tmt_of_its_row(session, dewi, cast):
    ages = written(FIRST - timedelta(days=3000)), "01-01-2040"
    everybody = [a_row(n, tmt=ages[0] if n else "", left=ages[1]) for n in range(7)]
    actions.apply(session, dewi.actor, roll(*everybody), NOW)
    assert history(session, 0) == [(FIRST, None)]
    assert history(session, 1) == [(FIRST - timedelta(days=3000), None)]

    tmt, day = TODAY - timedelta(days=20), timedelta(days=1)
    file = roll(
        a_row(0, "KES", tmt=written(tmt), left=ages[1], title="S.Pd."),
        a_row(1, tmt=ages[0], left=ages[1], position="Kepala Sekolah"),
        a_row(2, standing="99", tmt=ages[0], left=written(tmt)),
        a_row(3, standing="99", left=ages[1]),
        a_row(4, "KES", tmt=written(TODAY + day)),
        a_row(5, "KES", tmt="31-02-2026"),
        a_row(6, tmt=ages[0], left=ages[1], title="M.Pd."),
    )
    check = actions.check(session, dewi.actor, file, LATER)
    shown = {change.number: {key: new for key, _old, new in change.shown} for change in check.changed}
    assert (shown[2]["unit"], "tmt" in shown[2]) == ("Dinas Kesehatan Contoh", True)
    assert (shown[4]["standing"], "tmt_left" in shown[4]) == ("Sudah keluar: Pensiun", True)
    assert shown[8] == {"title_after": "M.Pd."}, "whose place is as it was may have any TMT"
    reasons = {row.number: " ".join(row.reasons) for row in check.refused}
    assert {3: "TMT paling awal", 5: "belum tiba", 6: "belum tiba", 7: "tidak terbaca"}.keys() == reasons.keys()
    assert all(word in reasons[n] for n, word in {3: "paling awal", 5: "belum tiba", 7: "tidak terbaca"}.items())

    actions.apply(session, dewi.actor, file, LATER)
    assert history(session, 0) == [(tmt - day, tmt - day) if tmt <= FIRST else (FIRST, tmt - day), (tmt, None)]
    assert history(session, 2)[-1][1] == tmt - day
    assert history(session, 4) == [(FIRST - timedelta(days=3000), None)]
    assert set(session.scalars(select(FormerName.name))) == {"Pegawai Contoh 0", "Pegawai Contoh 6"}
    # What was done is the same when it is done twice; an earlier TMT than the last one is refused.
    again = roll(a_row(0, "KES", tmt=written(tmt), title="S.Pd."), a_row(5, "DIK.SD1"))
    assert actions.check(session, dewi.actor, again, LATER).changed == []
    back = actions.check(session, dewi.actor, roll(a_row(0, tmt=written(tmt - day), title="S.Pd.")), LATER)
    assert "Perubahan terakhir berlaku sejak" in back.refused[0].reasons[0]


def test_an_empty_tmt_means_today_and_the_page_shows_it(session, dewi, cast):
    actions.apply(session, dewi.actor, roll(a_row(1)), NOW)
    actions.apply(session, dewi.actor, roll(a_row(1, "KES", tmt="00-00-0000")), LATER)
    assert history(session, 1) == [(FIRST, TODAY - timedelta(days=1)), (TODAY, None)]
    session.commit()
    file = as_csv([a_row(1, "DIK.SD1", tmt="01-01-2999"), a_row(2, tmt="01-12-2025")], HEADERS)
    check = dewi.post("/impor/pegawai", files={"file": ("pegawai.csv", file)}).headers["location"]
    page = dewi.get(check).text
    assert "TMT 1 Januari 2999 belum tiba" in page
    assert "1 Desember 2025" in page
