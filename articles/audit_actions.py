"""What was done with texts and care cards, in the words of the audit trail."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from articles.models.article import MOVES
from clinic.audit_actions import register

register(
    {f"article.{step}": format_lazy(_("Article: {done}"), done=move.done) for step, move in MOVES.items()}
)
register(
    {
        "article.objected": _("Article: Signer objected to a correction"),
        "card.approved": _("Care card approved"),
        "card.reworded": _("Care card reworded"),
        "import.run": _("Texts imported"),
        "mistake.settled": _("Reported mistake settled"),
        "review_link.object": _("Review link: Objected"),
        "review_link.send_back": _("Review link: Sent back"),
        "review_link.sign_off": _("Review link: Signed off"),
        "review_link.wrong_detail": _("Review link: Wrong detail given"),
    }
)
