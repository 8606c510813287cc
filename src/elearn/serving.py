"""The application object that the server imports, once a process."""

from elearn.app import configure_logging, create_app
from elearn.foundation.settings import settings

configure_logging()
app = create_app(work_here=settings().sqlite)
