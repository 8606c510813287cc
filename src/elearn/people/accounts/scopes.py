"""What a bearer token may be allowed; each route of the API names one."""

from elearn.foundation.i18n import N_

SCOPES = {
    "courses:read": N_("Membaca pelatihan"),
    "enrolment:read": N_("Membaca pendaftaran"),
    "enrolment:write": N_("Mendaftar"),
    "progress:read": N_("Membaca kemajuan"),
    "progress:write": N_("Mencatat kemajuan"),
    "attempts:write": N_("Mengerjakan kuis"),
    "completions:read": N_("Membaca penyelesaian"),
    "people:import": N_("Mengimpor pegawai"),
}
