"""Misago's own settings for development, as a forum that is live: run by its interpreter alone."""

import os

from devproject import settings as usual

globals().update({name: value for name, value in vars(usual).items() if name.isupper()})

FOLDER = os.environ["WALL_FOLDER"]
SECRET_KEY = "of a forum that lives as long as a test"
DEBUG = False
LANGUAGE_CODE = os.environ["WALL_LANGUAGE"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "127.0.0.1",
        "PORT": os.environ["WALL_DATABASE_PORT"],
        "NAME": os.environ["WALL_DATABASE"],
        "USER": os.environ["WALL_DATABASE_USER"],
        "PASSWORD": os.environ["WALL_DATABASE_PASSWORD"],
    }
}
# Server and console are two processes that must agree.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": f"{FOLDER}/cache",
    }
}
STATIC_ROOT = f"{FOLDER}/static"
MEDIA_ROOT = f"{FOLDER}/media"
MISAGO_USER_DATA_DOWNLOADS_WORKING_DIR = f"{FOLDER}/userdata"
INSTALLED_APPS = [app for app in usual.INSTALLED_APPS if app != "debug_toolbar"]
MIDDLEWARE = [part for part in usual.MIDDLEWARE if not part.startswith("debug_toolbar")]
ROOT_URLCONF = "urls"
# Nobody's password is worth the time, no mail goes out, and no queue is needed for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
