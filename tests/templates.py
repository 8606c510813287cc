"""Compiled templates, kept for the other processes of the suite and for its next run."""

import hashlib
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

from elearn.foundation import i18n
from elearn.foundation.web import rendering
from tests.databases import HOME


def keep_compiled() -> None:
    """What is compiled depends on the template, which the cache looks at, and on the engine and the catalogues."""
    digest = hashlib.sha256()
    for file in (rendering.__file__, *sorted(i18n.FOLDER.rglob("*.mo"))):
        digest.update(Path(file).read_bytes())
    for locale in i18n.LOCALES:
        folder = HOME / "templates" / digest.hexdigest()[:12] / locale
        folder.mkdir(parents=True, exist_ok=True)
        rendering.environment(locale).bytecode_cache = FileSystemBytecodeCache(str(folder))
