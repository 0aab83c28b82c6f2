"""Misago's addresses, and its members' pictures, which a web server would serve otherwise."""

from devproject import urls as usual
from django.conf import settings
from django.urls import path
from django.views.static import serve

urlpatterns = [
    *usual.urlpatterns,
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
]
handler403 = usual.handler403
handler404 = usual.handler404
