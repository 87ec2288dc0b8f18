from articles.models.article import Article, ArticleEvent
from articles.models.cards import CareCard, CareCardVersion
from articles.models.signature import Signature
from articles.models.tasks import MistakeReport, Reminder
from articles.models.text import Revision, WorkingCopy
from articles.models.topic import Topic
from articles.models.visits import VisitCount

__all__ = [
    "Article",
    "ArticleEvent",
    "CareCard",
    "CareCardVersion",
    "MistakeReport",
    "Reminder",
    "Revision",
    "Signature",
    "Topic",
    "VisitCount",
    "WorkingCopy",
]
