from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appointments.models.choices import (
    CallTime,
    Channel,
    Day,
    HeardFrom,
    Outcome,
    PartOfDay,
    Payment,
    Purpose,
    Referral,
    Screening,
    Source,
    Status,
)
from appointments.models.moves import MOVES, OPEN
from appointments.models.rows import PatientRequests, ProbeRequests
from appointments.private_links import new_nonce
from appointments.references import new_reference
from appointments.suspicion import LABELS
from articles.models import Article, CareCardVersion
from clinic.models import InsurancePlan, Location
from staff.models import Therapist


class AppointmentRequest(models.Model):
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=new_reference)
    form_token = models.CharField(max_length=32, editable=False)
    answers_digest = models.CharField(max_length=64, editable=False)
    link_nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    # Unique, hence NULL where nothing opens the request.
    link_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001

    full_name = models.CharField(_("full name"), max_length=100)
    is_for_someone_else = models.BooleanField(_("for someone else"), default=False)
    patient_name = models.CharField(_("patient's name"), max_length=100, blank=True)
    phone = models.CharField(_("phone, as typed"), max_length=30, blank=True)
    phone_e164 = models.CharField(_("phone"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    channel = models.CharField(_("reach by"), max_length=10, choices=Channel)
    may_leave_message = models.BooleanField(_("may leave a message"), default=False)
    call_time = models.CharField(
        _("best time to call"), max_length=10, choices=CallTime, default=CallTime.ANY
    )
    wants_no_email = models.BooleanField(_("wants no e-mail"), default=False)

    purpose = models.CharField(_("new or returning"), max_length=10, choices=Purpose)
    location = models.ForeignKey(
        Location,
        models.PROTECT,
        related_name="requests",
        verbose_name=_("location"),
        db_index=False,
    )
    therapist = models.ForeignKey(
        Therapist,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("therapist asked for"),
        db_index=False,
    )
    payment = models.CharField(_("payment"), max_length=10, choices=Payment, blank=True)
    insurance_plan = models.ForeignKey(
        InsurancePlan, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("insurance")
    )
    referral = models.CharField(_("referral"), max_length=10, choices=Referral, blank=True)
    days = models.JSONField(_("days"), default=list, blank=True)
    parts_of_day = models.JSONField(_("parts of the day"), default=list, blank=True)
    needs = models.CharField(_("interpreter or access needs"), max_length=100, blank=True)
    notes = models.TextField(_("notes"), max_length=500, blank=True)

    screening = models.CharField(
        _("warning signs"), max_length=10, choices=Screening, default=Screening.DIRECT
    )
    card_version = models.ForeignKey(
        CareCardVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("care card seen")
    )
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, related_name="requests", verbose_name=_("came from")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.WEB)
    notice_version = models.CharField(max_length=20, blank=True, editable=False)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    is_urgent = models.BooleanField(_("urgent"), default=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("call by"), help_text=_("The moment the patient was told."))
    alarm_at = models.DateTimeField(help_text="Three quarters of the promised open time.")
    quarantined_at = models.DateTimeField(_("maybe spam since"), null=True)
    quarantine_reasons = models.CharField(_("why maybe spam"), max_length=200, blank=True)
    surfaces_at = models.DateTimeField(null=True, help_text="When a suspect request joins the inbox.")

    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("owner"),
        db_index=False,
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(_("calls made"), default=0)
    called_at = models.DateTimeField(_("first called"), null=True)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    answered_at = models.DateTimeField(_("first answered"), null=True)
    appointment_at = models.DateTimeField(_("appointment"), null=True)
    appointment_with = models.ForeignKey(
        Therapist, models.SET_NULL, null=True, related_name="+", verbose_name=_("appointment with")
    )
    appointment_number = models.CharField(_("number in the other system"), max_length=40, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="duplicates", verbose_name=_("duplicate of")
    )
    heard_from = models.CharField(_("heard of us from"), max_length=10, choices=HeardFrom, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    erased_at = models.DateTimeField(_("details erased"), null=True)

    objects = PatientRequests()
    probes = ProbeRequests()

    class Meta:
        ordering = ["-is_urgent", "due_at"]
        verbose_name = _("appointment request")
        verbose_name_plural = _("appointment requests")
        permissions = [
            ("view_every_location", "Can see the requests of every location"),
            ("view_reports", "Can see reports about requests"),
            ("export_requests", "Can export requests and reports"),
            ("erase_requests", "Can erase the details of a request"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form_token", "answers_digest"], name="one_request_per_sent_form"
            ),
            models.CheckConstraint(
                condition=~Q(phone="", email="") | Q(erased_at__isnull=False), name="request_can_be_answered"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(status="closed"), name="erased_requests_stay_closed"
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False, outcome__gt="")
                | (~Q(status="closed") & Q(closed_at=None, outcome="")),
                name="closed_requests_have_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(quarantined_at=None) | Q(surfaces_at__isnull=False),
                name="suspect_requests_surface",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["claimed", "waiting"]) | Q(owner__isnull=False),
                name="work_has_an_owner",
            ),
        ]
        # None on location, therapist and owner: SQLite would rather read all that they ever had.
        indexes = [
            models.Index(
                fields=["-is_urgent", "due_at", "id"],
                condition=~Q(status="closed"),
                name="requests_open_in_order",
            ),
            models.Index(
                fields=["-closed_at", "-id"], condition=Q(status="closed"), name="requests_closed_newest"
            ),
            models.Index(fields=["received_at"], name="requests_by_arrival"),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("admin:appointments_appointmentrequest_change", args=[self.pk])

    @property
    def is_open(self):
        return self.status in OPEN

    @property
    def is_maybe_spam(self):
        return self.is_open and self.quarantined_at is not None

    @property
    def short_name(self):
        """Return initials and first name, all that a list may show: "Alma R.-W."."""
        if self.erased_at:
            return _("Erased")
        first, *rest = self.full_name.split()
        initials = " ".join("-".join(f"{part[:1]}." for part in name.split("-")) for name in rest)
        return f"{first} {initials}".strip()

    @property
    def day_labels(self):
        return [Day(day).label for day in self.days]

    @property
    def part_labels(self):
        return [PartOfDay(part).label for part in self.parts_of_day]

    @property
    def suspicion_labels(self):
        return [LABELS[reason] for reason in self.quarantine_reasons.split(", ") if reason in LABELS]

    @property
    def is_answered(self):
        return self.answered_at is not None

    @property
    def is_promise_kept(self):
        """Tell whether we called, or wrote, as we said we would; reaching somebody is another matter."""
        return self.called_at is not None or self.is_answered

    @property
    def has_appointment(self):
        return self.outcome == Outcome.BOOKED and self.erased_at is None

    @property
    def may_be_mailed(self):
        return bool(self.email) and not self.wants_no_email

    def is_put_off(self, now):
        """Tell whether there is nothing to do with it before a later time, or before the patient moves."""
        if self.next_try_at:
            return self.next_try_at > now
        return self.status == Status.WAITING

    def urgency(self, now):
        """Return how pressing the promised call is: "urgent" once it is late, "soon", or "calm"."""
        if now >= self.due_at:
            return "urgent"
        return "soon" if now >= self.alarm_at else "calm"

    def steps_for(self, user):
        """Return the names of the moves that are allowed from here and make sense for this person."""
        is_mine = self.owner_id == user.pk
        pointless = {
            "take_over": is_mine,
            "release": not is_mine,
            "not_spam": not self.is_maybe_spam,
            "reopen": self.erased_at is not None,
            "change_appointment": not self.has_appointment,
            "cancel_appointment": not self.has_appointment,
            "erase": self.erased_at is not None or not user.has_perm("appointments.erase_requests"),
            # The patient's own step.
            "withdraw": True,
            # For whoever lets the owner go: clinic.site.leaving.
            "hand_over": True,
            # Offered for the last step alone: appointments.desk.undoable_step.
            "undo": True,
        }
        return [
            name for name, step in MOVES.items() if step.is_allowed(self.status) and not pointless.get(name)
        ]
