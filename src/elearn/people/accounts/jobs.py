"""Work of accounts that waits for a mail server."""

from elearn.foundation.i18n import _, format_datetime, use_locale
from elearn.foundation.jobs.progress import Progress
from elearn.foundation.mail.mailer import mailer
from elearn.foundation.settings import settings
from elearn.people.access.actor import Actor
from elearn.people.accounts.actions import renew_by_mail


def send_reset_mail(progress: Progress, *, identifier: str) -> None:
    """Mail a new code to the address on file, if there is one; the mail goes out after the code is stored."""
    with progress.session() as session:
        found = renew_by_mail(session, Actor.system("accounts.reset_mail"), identifier, progress.now())
    if found is None:
        return
    person, code, until = found
    use_locale(person.locale)
    text = _(
        "Yth. %(name)s,\n\nKode baru Anda: %(code)s\n\nBuka %(address)s, lalu isi NIP atau surel dan kode itu.\n"
        "Kode berlaku sampai %(until)s dan hanya sekali pakai.\n\n"
        "Tidak meminta kode? Abaikan pesan ini, kata sandi Anda tetap.\n",
        name=person.full_name,
        code=code,
        address=f"{settings().base_url}/aktivasi",
        until=format_datetime(until),
    )
    mailer().send(person.email or "", _("Kode untuk masuk ke elearn"), text)
