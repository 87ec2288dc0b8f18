"""The steps that change what readers see."""

from django import forms
from django.utils.translation import gettext_lazy as _

from articles import publishing
from articles.models import Article
from articles.step_forms.base import OlderTextForm, StepForm, remark_field
from clinic import links, redirects
from clinic.form_fields import LineField


class PublishForm(StepForm):
    step = "publish"
    permissions = ["articles.publish"]
    done = _("Published.")
    note = _("Readers see the newest text at once.")

    @classmethod
    def fits(cls, article, user):
        is_ready_news = not article.is_health and "publish_unsigned" in article.steps
        return is_ready_news or super().fits(article, user)

    def save(self, *, by):
        publishing.publish(self.article, by=by)


class PublishUncheckedForm(PublishForm):
    step = "publish_unsigned"
    permissions = ["articles.publish", "articles.publish_unreviewed"]
    done = _("Published. The page says that no second clinician checked it.")
    note = ""

    is_certain = forms.BooleanField(
        label=_("Publish it without a clinician’s check. The page will say so."),
        error_messages={"required": _("Tick the box to publish without a check.")},
    )

    @classmethod
    def fits(cls, article, user):
        return article.is_health and cls.step in article.steps


class WhereToForm(StepForm):
    """A step that takes an article off the site, and asks where its readers go instead."""

    TOPIC, ADDRESS, GONE = "topic", "address", "gone"

    where = forms.ChoiceField(
        label=_("Where should readers go instead?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose where readers should go.")),
    )
    address = LineField(
        label=_("Address of that page"),
        required=False,
        help_text=_("Such as /articles/heel-pain/. Only for “another page”."),
    )

    def __init__(self, article, data=None, *, by=None):
        super().__init__(article, data, by=by)
        self.topic = _topic_left_without(article)
        self.fields["where"].choices = [
            *(
                [(self.TOPIC, _("The topic page: %(name)s") % {"name": self.topic.name})]
                if self.topic
                else []
            ),
            (self.ADDRESS, _("Another page of this site")),
            (self.GONE, _("Nowhere: the address says that the page is gone")),
        ]

        if not article.is_public:
            # Nobody has its address.
            del self.fields["where"], self.fields["address"]

    def clean(self):
        where = self.cleaned_data.get("where")
        if where == self.ADDRESS:
            self._clean_address()
        if where == self.GONE and (linking := Article.objects.published().linking_to(self.article)):
            names = ", ".join(str(article) for article in linking[:3])
            self.add_error("where", _("These link here, so choose a page: %(names)s.") % {"names": names})

    def _clean_address(self):
        try:
            address = redirects.own_address(self.cleaned_data.get("address", ""))
        except redirects.ForeignAddress as error:
            self.add_error("address", str(error))
        else:
            self.cleaned_data["address"] = end = links.follow([address])[address]
            if end == links.NOWHERE:
                self.add_error("address", _("There is no page at this address."))
            elif redirects.leads_back(self.article.get_absolute_url(), end):
                self.add_error("address", _("This is the address of the article itself."))

    @property
    def target(self):
        """Return the address that readers are sent to; empty: the page is gone."""
        where = self.cleaned_data.get("where", self.GONE)
        if where == self.TOPIC:
            return self.topic.get_absolute_url()
        return self.cleaned_data["address"] if where == self.ADDRESS else ""


def _topic_left_without(article):
    """Return the main topic of an article's public text, if its page still has something to read then."""
    topic = article.live and article.live.main_topic
    others = Article.objects.published().on_topic(topic).exclude(pk=article.pk)
    return topic if topic and others.exists() else None


class ArchiveForm(WhereToForm):
    step = "archive"
    permissions = ["articles.publish"]
    done = _("Archived. Readers no longer find it. “Take out of the archive” makes it a draft again.")
    note = _("The page goes off the site at once. Nothing is deleted, and it can be brought back.")

    remark = remark_field(label=_("Why?"))

    def save(self, *, by):
        publishing.archive(self.article, by=by, target=self.target, remark=self.cleaned_data["remark"])


class UnarchiveForm(StepForm):
    step = "restore"
    permissions = ["articles.publish"]
    done = _("The article is a draft again.")

    def save(self, *, by):
        publishing.restore(self.article, by=by)


class RollBackForm(OlderTextForm):
    step = "roll_back"
    label = _("Show readers this text again")
    permissions = ["articles.publish"]
    done = _("Readers see the older text again. The newest one is a draft.")
    note = _("Readers see it at once. The newest text stays as a draft.")

    def save(self, *, by):
        publishing.roll_back(self.article, self.revision(), by=by)
