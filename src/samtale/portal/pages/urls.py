"""Pages that belong to no other layer."""

from django.urls import path

from samtale.identity.own_paths import ends_inside
from samtale.portal.pages import approvals, health, views

urlpatterns = [
    path("adgang/sundhed", health.health, name="health"),
    path("p/<slug:slug>", views.product, name="product"),
    path("adgang/konto/", views.account, name="account"),
    path("adgang/konto/sprog/", views.choose_language, name="choose_language"),
    path("adgang/rettigheder/", approvals.approvals, name="approvals"),
    path(
        "adgang/rettigheder/<int:pk>/traek-tilbage/",
        ends_inside(approvals.withdraw),
        name="withdraw_approval",
    ),
    path("adgang/rettigheder/<slug:slug>/<str:cvr>/", ends_inside(approvals.approve), name="approve"),
    path("adgang/sprog/<str:code>/", views.language, name="language"),
]
