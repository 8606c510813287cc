"""What a bearer token may be allowed; each route of the API names one."""

SCOPES = {
    "courses:read": "Membaca pelatihan",
    "enrolment:read": "Membaca pendaftaran",
    "enrolment:write": "Mendaftar",
    "progress:read": "Membaca kemajuan",
    "progress:write": "Mencatat kemajuan",
    "attempts:write": "Mengerjakan kuis",
    "completions:read": "Membaca penyelesaian",
    "people:import": "Mengimpor pegawai",
}
