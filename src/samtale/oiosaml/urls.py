"""To be included in a site's own paths."""

from django.urls import path

from samtale.oiosaml import views

app_name = "oiosaml"
urlpatterns = [
    path("metadata", views.metadata, name="metadata"),
    path("acs", views.acs, name="acs"),
    path("ind/<str:relay_state>", views.arrived, name="arrived"),
    path("ud/<str:relay_state>", views.leaving, name="leaving"),
    path("slo", views.slo, name="slo"),
]
