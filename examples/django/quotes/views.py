import itertools
import os

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quotes import prices

served = itertools.count(1)


def quote(request: HttpRequest, pieces: int) -> HttpResponse:
    facts = {"total": prices.total(pieces), "pid": os.getpid(), "served": next(served)}
    return render(request, "quote.txt", facts, content_type="text/plain")
