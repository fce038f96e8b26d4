#!/bin/bash
# Django: a class-based view is asked whether its methods are coroutines when the URLs are made, and never again.
#
# View.as_view() reads `view_is_async`, which looks at the methods of the class, and marks the function that it returns
# (django/views/generic/base.py); the handler chooses by that mark whether it awaits. If `get` becomes `async def` later, the function
# goes on being called as a plain one, and the coroutine that it returns is no response: every request fails.
#
# Seen with Django 5.2.8. Ends with 1 if the request is answered.
set -eu
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q --disable-pip-version-check install django==5.2.8
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import sys

import django
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="none", DEBUG=False)
django.setup()

from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views import View


class Shop(View):
    def get(self, request):
        return HttpResponse("one")


urlpatterns = [path("", Shop.as_view())]
client = Client(raise_request_exception=False)
before = client.get("/").status_code


async def get(self, request):
    return HttpResponse("two")


Shop.get = get
after = client.get("/").status_code
print("Django", django.__version__, "before", before, "after", after, "view_is_async of the class", Shop.view_is_async)
sys.exit(not (before == 200 and after == 500))
PYTHON
