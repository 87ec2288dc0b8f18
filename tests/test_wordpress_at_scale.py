"""The import of a whole WordPress site by a real process: its words, its memory, and a kill on the way."""

import subprocess
import sys

import pytest

from tests import wordpress as wp
from tests.stack.site import PROJECT

pytestmark = pytest.mark.faults

POSTS = 500
IMPORTED = "SELECT count(*) FROM articles_article WHERE imported_from LIKE 'wordpress:%%'"
WORDS = """SELECT sum(word_count) FROM articles_revision WHERE article_id IN
(SELECT id FROM articles_article WHERE imported_from LIKE 'wordpress:%%')"""
# A new process counts the memory of the one that started it as its own; the kernel's mark of its pages
# does not.
MEASURED = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path("manage.py", run_name="__main__")
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0], file=sys.stderr)
"""


def test_w3_500_posts_keep_their_words_within_200_megabytes_and_survive_a_kill(stack, tmp_path, promise):
    texts = [wp.long_text(number) for number in range(POSTS)]
    posts = (wp.post(number, text, title=f"Text {number}") for number, text in enumerate(texts))
    path = wp.export(tmp_path / "site.xml", *posts)
    command = [sys.executable, "-c", MEASURED, "manage.py", "import_articles", str(path)]
    options = {"cwd": PROJECT, "env": stack.environment, "text": True}

    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    next(line for line in first.stderr if line.startswith("150/"))
    first.kill()
    first.wait()
    before = stack.number(IMPORTED)
    second = subprocess.run(command, capture_output=True, **options)

    # A text stored twice would raise the count of words above that of the export.
    share = 100 * stack.number(WORDS) / sum(map(wp.count_words, texts))
    megabytes = int(second.stderr.split()[-1]) // 1024
    assert (second.returncode, stack.number(IMPORTED), 150 <= before < POSTS) == (0, POSTS, True)
    assert f"posts, new: {POSTS - before}" in second.stdout
    assert f"posts, unchanged: {before}" in second.stdout
    assert (99.5 <= share <= 100, megabytes < 200) == (True, True)
    promise(
        "P19",
        f"{POSTS} posts, killed after {before}, run again",
        f"{share:.2f} % of the words, {megabytes} MB",
    )
