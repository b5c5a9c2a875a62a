"""The help: the staff manual, open on the page of one's own role."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from caudal.access import gates, policy
from caudal.access.models import Clerk
from caudal.frontdesk import manual


@gates.requires(policy.KEEP_OWN_ACCESS)
def help_of_role(request: HttpRequest) -> HttpResponse:
    """Lead to the page of whoever asks."""
    clerk = cast(Clerk, request.user)
    return redirect("manual_page", slug=manual.slug_of_role(role=clerk.role))


@gates.requires(policy.KEEP_OWN_ACCESS)
def manual_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One page; all of them can be read by everybody: nobody's work is a secret."""
    if (found := manual.page(slug=slug)) is None:
        raise Http404
    own = manual.slug_of_role(role=cast(Clerk, request.user).role)
    pages = [each for name in manual.PAGES if (each := manual.page(slug=name))]
    return render(request, "frontdesk/manual.html", {"page": found, "pages": pages, "own": own})
