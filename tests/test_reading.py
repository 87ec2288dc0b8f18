import pytest

from articles.reading import grade, longest_sentences, syllables_in

SYLLABLES = {
    1: "a foot heel spine nerve bone moved helped eased ache aches there these don't strength",
    2: "painful needed table people being doing safely useful muscle rhythm doctor's balance sometimes",
    3: "exercise area idea created previous serious usual gradual video surgery insurance opinion",
    4: "emergency situation experience especially immediate",
    5: "individual evaluation immediately",
}


@pytest.mark.parametrize(
    "count, word", [(count, word) for count, words in SYLLABLES.items() for word in words.split()]
)
def test_the_syllables_of_a_word(count, word):
    assert syllables_in(word) == count


def test_the_grade_by_hand():
    # Ten words, two sentences, eleven syllables: 0.39 * 5 + 11.8 * 1.1 - 15.59 = -0.66.
    assert grade("Rest your sore foot today. Then walk a short way.") == -0.7


def test_long_words_and_sentences_raise_the_grade():
    plain = "Rest your foot. It gets better in most people. Call us if it does not."
    learned = (
        "Conservative management of plantar fasciopathy, incorporating progressive mechanical loading, "
        "demonstrates considerable efficacy in the overwhelming majority of symptomatic individuals."
    )

    assert grade(plain + " Walk a bit more each day.") < 3
    assert grade(learned) > 20


@pytest.mark.parametrize("text", ["", "\n\n", "Heel pain", "1 2 3 4 5", "Causes\nShoes\nRest"])
def test_a_text_without_sentences_has_grade_zero(text):
    assert grade(text) == 0.0


def test_headings_and_labels_do_not_count():
    sentence = "Rest your sore foot today and walk a bit more each week."

    assert grade(f"What helps\n{sentence}\nShoes") == grade(sentence)


def test_a_line_ends_a_sentence():
    assert longest_sentences("Rest the foot each day\nWalk a bit more", 5) == [
        "Rest the foot each day",
        "Walk a bit more",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "See Dr. Lee or e.g. a nurse about it.",
        "Walk about 1.5 miles on each day.",
        "Wear shoes, socks, etc. in the house.",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(text):
    assert longest_sentences(text, 5) == [text]


def test_the_longest_sentences_come_first():
    text = "Rest your sore foot. Walk a bit more each day of the week! Is it sore at night? “Call us now.”"

    assert longest_sentences(text, 2) == ["Walk a bit more each day of the week!", "Is it sore at night?"]
    assert len(longest_sentences(text, 9)) == 3
