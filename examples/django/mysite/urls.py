from django.urls import path
from quotes import views

urlpatterns = [path("quote/<int:pieces>", views.quote)]
