"""Pages that only the demo has, below `/adgang/demo`."""

from django.urls import path

from samtale.demo import views

urlpatterns = [
    path("demo", views.demo, name="demo"),
    path("demo/ind/<str:token>", views.sign_in, name="demo_sign_in"),
    path("demo/som/<int:pk>", views.sign_in_as, name="demo_sign_in_as"),
]
