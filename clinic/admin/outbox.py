from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinic import audit, mail_kinds, outbox, trial_mail
from clinic.admin.trail import CodeFilter, ReadOnlyMixin
from clinic.models import OutboxMessage


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", _("Waiting")), ("failed", _("Given up"))]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.waiting()
        if self.value() == "failed":
            return queryset.failed()
        return queryset


class KindFilter(CodeFilter):
    title = _("kind")
    parameter_name = "kind"
    label_of = staticmethod(mail_kinds.label_of)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "what", "object_id", "state", "attempts", "tried_at", "last_error"]
    list_filter = [StateFilter, KindFilter]
    actions = ["send_again"]
    fields = [
        "what",
        "code",
        "object_id",
        "created_at",
        "attempts",
        "tried_at",
        "last_error",
        "due_at",
        "sent_at",
        "failed_at",
    ]
    readonly_fields = ["what", "code"]

    def get_urls(self):
        test = self.admin_site.admin_view(self.send_test)
        return [path("test/", test, name="clinic_outboxmessage_test"), *super().get_urls()]

    def send_test(self, request):
        """Owe a test mail to whoever asks for one; the worker sends it like every other."""
        if not self.has_send_again_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            with transaction.atomic():
                trial_mail.owe(request.user.email, request=request)
            messages.success(request, _("A test mail to you is on its way. Its row says when it was sent."))
        return redirect("admin:clinic_outboxmessage_changelist")

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, message):
        return message.label

    @admin.display(description=_("code"))
    def code(self, message):
        return message.kind

    @admin.display(description=_("state"))
    def state(self, message):
        return render_to_string("admin/clinic/outboxmessage/_state.html", {"message": message})

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        again = [message for message in queryset if outbox.send_again(message)]
        for message in again:
            about = f"{message.kind} {message.object_id}"
            audit.record("mail.sent_again", subject=about, request=request)
        said = ngettext("%(count)d message is due again.", "%(count)d messages are due again.", len(again))
        messages.success(request, said % {"count": len(again)})

    def has_send_again_permission(self, request):
        return request.user.has_perm("clinic.change_outboxmessage")
