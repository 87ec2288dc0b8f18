from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.models import Location, Picture


class UserQuerySet(models.QuerySet):
    def able_to_sign_in(self):
        """Those who have neither left nor are merely invited."""
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        """Find the person however the address is capitalised."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who signs in: an e-mail address, a name, and the locations this person works for."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    locations = models.ManyToManyField(
        Location,
        blank=True,
        related_name="team",
        verbose_name=_("own locations"),
        help_text=_("The front desk sees the requests of these."),
    )

    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_person_an_address",
                violation_error_message=_("Someone has this e-mail address already."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]


class AccountLink(models.Model):
    """A link by mail with which somebody sets a password, once: who is invited, or has forgotten it.

    Like a patient's private link it is worked out from a nonce, so that nothing stored opens anything
    (staff.account_links).
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        PASSWORD_RESET = "password_reset", _("New password")

    user = models.ForeignKey(User, models.CASCADE, related_name="account_links", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    nonce = models.CharField(max_length=32, editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("account link")
        verbose_name_plural = _("account links")

    def __str__(self):
        return f"{self.purpose} {self.pk}"


class TherapistQuerySet(models.QuerySet):
    def listed(self):
        """Those shown to patients: neither hidden nor gone, and of this clinic."""
        return self.filter(is_listed=True, left_on=None, is_outside=False)

    def taking_new_patients(self):
        return self.listed().filter(takes_new_patients=True)

    def for_cards(self):
        """Fetch with each therapist what a card shows."""
        return self.select_related("photo").prefetch_related("locations")

    def licensed(self, today):
        """Those who hold a licence that has not lapsed."""
        return self.filter(
            pk__in=Credential.objects.current(today).filter(kind=Credential.Kind.LICENCE).values("therapist")
        )


class Therapist(models.Model):
    """A profile, separate from the login: someone may have one without the other."""

    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="therapist", verbose_name=_("login")
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address on this site"), max_length=60, unique=True)
    suffix = models.CharField(
        _("letters after the name"), max_length=40, blank=True, help_text=_("Such as PT, DPT.")
    )
    job_title = models.CharField(_("job title"), max_length=80, default=_("Physical therapist"))
    photo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )

    biography = models.TextField(_("biography"), blank=True, help_text=_("An empty line begins a paragraph."))
    specialties = models.TextField(_("helps with"), blank=True, help_text=_("One a line."))
    education = models.TextField(_("education"), blank=True, help_text=_("One a line."))
    languages = models.CharField(_("languages"), max_length=100, blank=True)
    locations = models.ManyToManyField(
        Location, blank=True, related_name="therapists", verbose_name=_("locations")
    )

    review_email = models.EmailField(
        _("e-mail address for review links"), blank=True, help_text=_("Empty: the address of the login.")
    )
    is_outside = models.BooleanField(
        _("outside reviewer"),
        default=False,
        help_text=_("Checks texts for us, sees no patients here, and is never listed."),
    )

    takes_new_patients = models.BooleanField(_("takes new patients"), default=True)
    is_listed = models.BooleanField(_("shown to patients"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TherapistQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("therapist")
        verbose_name_plural = _("therapists")

    def __str__(self):
        return self.full_name

    def get_absolute_url(self):
        return reverse("therapist_detail", args=[self.slug])

    @property
    def full_name(self):
        """Return the name as patients read it: "Theo Okafor, PT, OCS"."""
        return f"{self.name}, {self.suffix}" if self.suffix else self.name

    @property
    def given_name(self):
        return self.name.split(" ")[0]

    @property
    def is_shown(self):
        return self.is_listed and self.left_on is None and not self.is_outside

    @property
    def review_address(self):
        """Return where review links go, or nothing where no mail reaches this person."""
        return self.review_email or (self.user.email if self.user and self.user.is_active else "")

    @property
    def can_be_asked_for(self):
        return self.is_shown and self.takes_new_patients

    @property
    def specialty_list(self):
        return self.specialties.splitlines()

    @property
    def education_list(self):
        return self.education.splitlines()

    def licence(self, today):
        """Return the licence under which this therapist may sign today, or None."""
        return self.credentials.current(today).filter(kind=Credential.Kind.LICENCE).first()


class CredentialQuerySet(models.QuerySet):
    def current(self, today):
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=today), issued_on__lte=today)


class Credential(models.Model):
    """A licence, degree or certificate; what has lapsed stays, since old signatures name it."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("License to practice")
        DEGREE = "degree", _("Degree")
        CERTIFICATE = "certificate", _("Specialist certificate")

    therapist = models.ForeignKey(
        Therapist, models.CASCADE, related_name="credentials", verbose_name=_("therapist")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=100)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    issuer = models.CharField(_("issued by"), max_length=100)
    number = models.CharField(_("number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gt=F("issued_on")),
                name="credential_expires_after_issue",
                violation_error_message=_("A credential can't expire before it was issued."),
            ),
            models.UniqueConstraint(
                fields=["therapist", "name", "issuer", "number"],
                name="one_credential_once",
                violation_error_message=_("This credential is there already."),
            ),
        ]

    def __str__(self):
        return " ".join(part for part in (self.name, self.number) if part) + f" ({self.issuer})"
