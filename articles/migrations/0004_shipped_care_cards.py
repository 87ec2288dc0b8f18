import tomllib
from pathlib import Path

from django.db import migrations

CARDS = Path(__file__).parent.parent / "shipped_cards.toml"


def ship(apps, schema_editor):
    """Show our default cards from day one; they count as not approved until a clinician signs them."""
    CareCard = apps.get_model("articles", "CareCard")
    CareCardVersion = apps.get_model("articles", "CareCardVersion")
    for position, card in enumerate(tomllib.loads(CARDS.read_text())["cards"]):
        row = CareCard.objects.create(
            slug=card["slug"], name=card["name"], level=card["level"], position=position
        )
        row.live = CareCardVersion.objects.create(
            card=row,
            number=1,
            introduction=card["intro"],
            bullets="\n".join(card["bullets"]),
            safety_net=card["safety_net"],
            is_shipped=True,
        )
        row.save(update_fields=["live"])


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_texts_never_change")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
