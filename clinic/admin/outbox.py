from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clinic import audit, outbox
from clinic.admin.trail import ReadOnlyMixin
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


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "kind", "object_id", "state", "attempts", "tried_at", "last_error"]
    list_filter = [StateFilter, "kind"]
    actions = ["send_again"]
    fields = [
        "kind",
        "object_id",
        "created_at",
        "attempts",
        "tried_at",
        "last_error",
        "due_at",
        "sent_at",
        "failed_at",
    ]

    @admin.display(description=_("state"))
    def state(self, message):
        return render_to_string("admin/clinic/outboxmessage/_state.html", {"message": message})

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        again = [message for message in queryset if outbox.send_again(message)]
        for message in again:
            audit.record("mail.sent_again", subject=message, request=request)
        said = ngettext("%(count)d message is due again.", "%(count)d messages are due again.", len(again))
        messages.success(request, said % {"count": len(again)})

    def has_send_again_permission(self, request):
        return request.user.has_perm("clinic.change_outboxmessage")
