from elearn.activities.documents.rules import reflowed


def test_lines_broken_by_the_page_become_a_paragraph_and_short_ones_stay():
    page = (
        "Bab 1\n"
        "Cuti tahunan diberikan kepada setiap pegawai yang telah\n"
        "bekerja paling sedikit satu tahun secara terus-menerus\n"
        "di instansinya.\n"
        "Jenis\n"
        "Tahunan 12 hari\n"
    )
    assert reflowed(page).splitlines() == [
        "Bab 1",
        "Cuti tahunan diberikan kepada setiap pegawai yang telah bekerja paling sedikit satu tahun secara "
        "terus-menerus di instansinya.",
        "Jenis",
        "Tahunan 12 hari",
    ]
    assert reflowed("") == ""
