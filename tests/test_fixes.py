import time

import pytest

from articles.fixes import Change, changed_words, is_editorial_fix

TEXT = (
    "<h2>What helps a sore heel</h2>"
    "<p>Most people get better within <strong>six weeks</strong>. "
    'See <a href="/shoes/">good shoes</a> too.</p>'
    "<ul><li>Rest the foot when it hurts.</li><li>Take 10 mg only if your doctor says so.</li></ul>"
    "<p>Do not run on it. It may swell in the evening, and that is safe.</p>"
    '<care-card data-card="heel"></care-card>'
    "<table><tbody><tr><th>Adults</th><td>often</td></tr></tbody></table>"
    '<figure><img data-picture="3" alt="A foot"><figcaption>A foot at rest</figcaption></figure>'
)


@pytest.mark.parametrize(
    "old, new",
    [
        ("Most people", "Many people"),
        ("get better", "recover"),
        ("Rest the foot when it hurts", "Rest your foot if it aches"),
        ("in the evening", "in the evenings"),
        ("in the evening", "in evening"),
        ("swell in", "swell up in"),
        ("good shoes", "better shoes"),
        ("It may swell", "It must swell"),
        ("evening, and", "evening and"),
        ("often", "mostly"),
        ("A foot at rest", "The foot at rest"),
        ("Most people get", "Most  people\nget"),
    ],
    ids=[
        "another word",
        "two words for one",
        "three words",
        "an ending",
        "a word less",
        "a word more",
        "a word of a link",
        "a stronger verb",
        "a comma",
        "a cell",
        "a caption",
        "white space",
    ],
)
def test_up_to_three_plain_words_are_a_fix(old, new):
    assert old in TEXT
    assert is_editorial_fix(TEXT, TEXT.replace(old, new)) is True


@pytest.mark.parametrize(
    "old, new",
    [
        ("Rest the foot when it hurts", "Rest your feet if they ache"),
        ("10 mg", "100 mg"),
        ("10 mg", "10 g"),
        ("10 mg only", "10 mg twice only"),
        ("Take 10", "Give 10"),
        ("10 mg", "1O mg"),
        ("six weeks", "ten weeks"),
        ("six weeks", "six months"),
        ("within <strong>six", "after <strong>six"),
        ("Do not run", "Do run"),
        ("Do not run", "Do now run"),
        ("Do not run", "Don't run"),
        ("Do not run", "You can run"),
        ("may swell", "may never swell"),
        ("may swell", "cannot swell"),
        ("may swell", "mayn’t swell"),
        ("swell in", "swell neither in"),
        ("is safe", "is unsafe"),
        ("is safe", "is un-safe"),
        ("Rest the foot", "Avoid the foot"),
        ("when it hurts", "unless it hurts"),
        ("good shoes", "without shoes"),
        ("A foot at", "II foot at"),
        ("A foot at", "½ foot at"),
        ("A foot at", "٣ foot at"),
        ("sore heel", "painful heel"),
        ("Adults", "Children"),
        ("/shoes/", "/pills/"),
        ('"heel"', '"neck"'),
        ('"3"', '"4"'),
        ('A foot"', 'A hand"'),
        ("<strong>six weeks</strong>", "six weeks"),
        ("<li>Rest the foot when it hurts.</li>", ""),
        ("in the evening", "in the <em>evening</em>"),
        ("Do not run on it. It may", "Do not run on it.</p><p>It may"),
        ("is safe.", "is safe. You can call us."),
        ("people get", "people<br>get"),
    ],
)
def test_what_changes_the_meaning_the_structure_or_more_than_three_words_is_no_fix(old, new):
    changed = TEXT.replace(old, new)

    assert changed != TEXT
    assert is_editorial_fix(TEXT, changed) is False
    assert is_editorial_fix(changed, TEXT) is False


def test_an_unchanged_text_has_no_changed_words():
    assert changed_words(TEXT, TEXT) == []
    assert is_editorial_fix(TEXT, TEXT) is True


def test_a_moved_sentence_counts_where_it_left_and_where_it_came():
    old = "<p>Rest it well. It may swell.</p><p>Call us.</p>"
    new = "<p>It may swell.</p><p>Call us. Rest it well.</p>"

    assert changed_words(old, new) == [
        *(Change(word, "", False) for word in ("Rest", "it", "well.")),
        *(Change("", word, False) for word in ("Rest", "it", "well.")),
    ]


def test_a_word_moved_to_the_next_paragraph_is_a_change():
    assert changed_words("<p>Rest it well</p><p>today</p>", "<p>Rest it</p><p>well today</p>") == [
        Change("well", "", False),
        Change("", "well", False),
    ]


def test_a_negation_split_by_markup_is_still_a_negation():
    old, new = "<p>Do no<em>t</em> run</p>", "<p>Do no<em>w</em> run</p>"

    assert changed_words(old, new) == [Change("not", "now", True)]
    assert is_editorial_fix(old, new) is False


def test_a_number_split_by_markup_is_still_a_number():
    assert is_editorial_fix("<p>1<em>0</em> mg</p>", "<p>1<em>5</em> mg</p>") is False
    assert is_editorial_fix("<p>twenty-<em>two</em> steps</p>", "<p>twenty-<em>odd</em> steps</p>") is False


def test_emphasis_that_moves_to_other_words_counts_as_changed_words():
    old, new = "<p><strong>Rest</strong> the foot</p>", "<p>Rest <strong>the foot</strong></p>"

    assert is_editorial_fix(old, new) is True
    assert [change.old for change in changed_words(old, new)] == ["Rest", "the", "foot"]


def test_four_words_in_four_paragraphs_are_too_many():
    old = "".join(f"<p>word in {name}</p>" for name in ("spring", "summer", "autumn", "winter"))

    assert is_editorial_fix(old, old.replace("word", "words", 3)) is True
    assert is_editorial_fix(old, old.replace("word", "words", 4)) is False


@pytest.mark.parametrize("card_text", ["<p>Call now</p>", "<p>Call <a href='tel:911'>now</a></p>"])
def test_a_word_within_a_care_card_is_no_fix(card_text):
    old = f'<care-card data-card="heel">{card_text}</care-card>'

    assert is_editorial_fix(old, old.replace("now", "soon")) is False


def test_a_giant_paragraph_is_judged_quickly():
    old = "<p>" + "a " * 100_000 + "</p>"
    started = time.process_time()

    assert is_editorial_fix(old, old.replace("a ", "b ", 1)) is False
    assert time.process_time() - started < 5
