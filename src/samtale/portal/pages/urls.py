"""Pages that belong to no other layer."""

from django.urls import path

from samtale.portal.pages import health, views

urlpatterns = [
    path("adgang/sundhed", health.health, name="health"),
    path("p/<slug:slug>", views.product, name="product"),
    path("adgang/konto/", views.account, name="account"),
    path("adgang/konto/sprog/", views.choose_language, name="choose_language"),
    path("adgang/sprog/<str:code>/", views.language, name="language"),
]
