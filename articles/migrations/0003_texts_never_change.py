from django.db import migrations

from clinic.insert_only import protect

REVISION = (
    "article_id",
    "number",
    "title",
    "summary",
    "body",
    "description",
    "call_to_action",
    "author_id",
    "main_topic_id",
    "lead_picture_id",
    "sources",
    "created_by_id",
    "created_at",
)
WORDING = ("card_id", "number", "introduction", "bullets", "safety_net", "created_by_id", "created_at")
SIGNATURE = (
    "revision_id",
    "card_version_id",
    "digest",
    "therapist_id",
    "signed_by_id",
    "carried_from_id",
    "signed_as",
    "licence",
    "signed_on",
)


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_links_between_texts_and_people")]

    operations = [
        protect("articles_revision", columns=REVISION),
        protect("articles_revision_topics"),
        protect("articles_carecardversion", columns=WORDING),
        protect("articles_signature", columns=SIGNATURE),
    ]
