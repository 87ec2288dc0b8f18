"""Runs what it is given: stands for a reader that the file it reads has taken over."""

import sys

exec(sys.stdin.read())
