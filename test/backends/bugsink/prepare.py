"""Creates the project and the API token that the tests use: BUGSINK_KEY (a UUID) and BUGSINK_TOKEN (40 hex digits)."""
import os
import uuid

import django

django.setup()

from bsmain.models import AuthToken  # noqa: E402
from projects.models import Project  # noqa: E402

Project.objects.get_or_create(name="shop", slug="shop", defaults={"sentry_key": uuid.UUID(os.environ["BUGSINK_KEY"])})
AuthToken.objects.get_or_create(token=os.environ["BUGSINK_TOKEN"], defaults={"issues_read": True, "events_read": True, "projects_read": True})
