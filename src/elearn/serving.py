"""The application object that the server imports, once a process."""

import sys

from elearn.app import configure_logging, create_app
from elearn.foundation.settings import settings

# A page asks the database a few times and has to get the interpreter back after each answer: with Python's own 5 ms a
# page waits for 50 while an export or a job computes in another thread.
SWITCH_SECONDS = 0.0005

sys.setswitchinterval(SWITCH_SECONDS)
configure_logging()
app = create_app(work_here=settings().sqlite)
