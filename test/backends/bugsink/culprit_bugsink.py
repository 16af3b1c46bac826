"""Settings of a Bugsink for tests: SQLite, tasks done at once, nothing leaves the machine."""
import os

from bugsink.settings.default import *  # noqa: F401,F403
from bugsink.settings.default import DATABASES

port = os.environ.get("BUGSINK_PORT", "18000")
SECRET_KEY = "for tests on loopback only, never for anything else"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
DATABASES["default"]["NAME"] = os.path.join(os.getcwd(), "db.sqlite3")
DATABASES["snappea"]["NAME"] = os.path.join(os.getcwd(), "snappea.sqlite3")
SNAPPEA = {"TASK_ALWAYS_EAGER": True}
SENTRY_DSN = None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
BUGSINK = {
    "BASE_URL": f"http://127.0.0.1:{port}",
    "SINGLE_USER": True,
    "SINGLE_TEAM": True,
    "USER_REGISTRATION": "CB_NOBODY",
    "PHONEHOME": False,
}
