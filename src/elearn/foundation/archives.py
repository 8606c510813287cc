"""Folders as one file to download."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile


def pack(folder: Path, target: Path) -> None:
    """The folder as a ZIP; PDFs are packed already and are stored as they are."""
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            kind = ZIP_STORED if file.suffix in (".pdf", ".xlsx") else ZIP_DEFLATED
            packed.write(file, file.relative_to(folder), kind)
