from articles.comparison import MOST_WORDS, Stretch, side_by_side


def test_the_words_that_the_other_text_lacks_are_marked():
    left, right = side_by_side("Walk a little less", "Walk much less today")

    assert left == [Stretch("Walk", False), Stretch("a little", True), Stretch("less", False)]
    assert right == [
        Stretch("Walk", False),
        Stretch("much", True),
        Stretch("less", False),
        Stretch("today", True),
    ]


def test_paragraphs_stay_apart():
    left, _right = side_by_side("One.\nTwo.", "One.\nTwo.")

    assert left == [Stretch("One. \n Two.", False)]


def test_a_very_long_text_is_shown_whole():
    long = "word " * (MOST_WORDS + 1)

    assert side_by_side(long, "short") == ([Stretch(long, True)], [Stretch("short", True)])
