"""When sending fails, keep what the patient typed: the roof's failure pages call this for the journey."""

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from appointments import answers, form_token
from appointments.forms import RequestForm
from appointments.views import form_page


def refused(request):
    """Answer a post that the CSRF check refused: nothing is stored, and the form keeps its answers.

    What opens the form and stores nothing goes through. So does a second try with our signed token from
    our own page: patients have no session that another site could ride on, and some browsers keep no
    cookies.
    """
    match = request.resolver_match
    if _opens_the_form(request, match) or _is_second_try(request):
        return match.func(request, *match.args, **match.kwargs)
    form = RequestForm(request.POST)
    form.is_valid()
    form.add_error(
        None, _("Your browser did not keep our form open. Nothing was sent yet. Check and send again.")
    )
    response = form_page(request, form, refused=True)
    add_never_cache_headers(response)
    return response


def _opens_the_form(request, match):
    return match.url_name == "request_form" and answers.BEGIN in request.POST


def _is_second_try(request):
    is_marked = answers.WITHOUT_COOKIE in request.POST and form_token.read(request.POST.get("token"))
    own_origin = f"{request.scheme}://{request.get_host()}"
    return bool(is_marked) and request.headers.get("Origin") == own_origin


def not_saved(request, fallback):
    """Answer a post that the database failed, with the answers ready to be sent again; needs no database.

    `fallback` holds the clinic's facts from the file.
    """
    context = {"fallback": fallback, "hidden": answers.kept(request.POST), "again": request.path}
    response = render(request, "appointments/not_saved.html", context, status=503)
    add_never_cache_headers(response)
    return response
