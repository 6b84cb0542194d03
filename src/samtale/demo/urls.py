"""Pages that only the demo has, below `/adgang/demo`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
