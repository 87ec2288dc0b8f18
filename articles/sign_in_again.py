"""A text that is posted after its writer's session has ended waits in the sign-in page, nowhere else."""

from functools import wraps

from django.contrib import admin
from django.shortcuts import render
from django.views.decorators.cache import never_cache

TEMPLATE = "admin/articles/sign_in_again.html"
# Fields of the sign-in form; the text has none of these names.
OF_SIGNING_IN = {"csrfmiddlewaretoken", "username", "password", "next"}


def keeping_text(view):
    """Wrap a staff page that is posted to: whoever is signed out signs in again, then the post goes on.

    The site's own sign-in decides; nobody gets in here whom it would keep out.
    """
    guarded = admin.site.admin_view(view)

    @never_cache
    @wraps(view)
    def inner(request, *args, **kwargs):
        if request.method != "POST" or admin.site.has_permission(request):
            return guarded(request, *args, **kwargs)
        if "username" not in request.POST:
            form = admin.site.login_form(request)
            context = {**admin.site.each_context(request), **_kept(request), "form": form}
            return render(request, TEMPLATE, context, status=403)
        response = admin.site.login(request, _kept(request))
        if admin.site.has_permission(request):
            return guarded(request, *args, **kwargs)
        response.template_name, response.status_code = TEMPLATE, 403
        return response

    return inner


def _kept(request):
    """Return the posted fields, to be sent along with the sign-in form."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in OF_SIGNING_IN
        for value in values
    ]
    return {"kept": fields, "app_path": request.get_full_path()}
