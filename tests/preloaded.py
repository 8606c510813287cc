"""Imported by the process that programs are forked from: what each of them would else read and compile anew.

Kept apart from `programs`, which every process of the suite imports and which is to cost it nothing.
"""

from elearn.app import face_modules
from elearn.foundation.settings import settings
from elearn.foundation.web.rendering import environment
from tests import templates

for face in ("pages", "api"):
    face_modules(face)

templates.keep_compiled()
_templates = environment("id")
for _name in _templates.list_templates():
    _templates.get_template(_name)
settings.cache_clear()
