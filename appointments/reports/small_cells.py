"""Small numbers are hidden in what leaves the house: one patient of a week could be guessed from them.

A number is small from 1 to 4. A part is hidden too where the rest of its row would be small, and
where one hidden number, or several that add up to little, could be told from the sum of its column,
the next smallest number of the column is hidden with it. Exports carry no sums of columns. Who lays
several of them side by side may still learn more, which is what their reasons in the trail are for.
"""

FEWEST = 5
SMALL, HIDDEN = f"<{FEWEST}", "hidden"


def is_small(count):
    return 0 < count < FEWEST


def rows(table):
    """Return the rows of a table as lists, without what is small or gives it away."""
    hidden = _hidden(table.rows)
    for column, counts in enumerate(zip(*(row.counts for row in table.rows), strict=True)):
        already = {row for row, its_column in hidden if its_column == column}
        hidden |= {(row, column) for row in _told_apart(counts, already)}
    return [
        _written(row, {column for its_row, column in hidden if its_row == number})[: len(table.heads)]
        for number, row in enumerate(table.rows)
    ]


def _hidden(table_rows):
    return {
        (number, column)
        for number, row in enumerate(table_rows)
        for column, count in enumerate(row.counts)
        if is_small(count) or is_small(row.counts[0] - count)
    }


def _told_apart(counts, hidden):
    """Return the rows to hide in one column, so that its sum gives no small number away."""
    others = sorted(
        (row for row, count in enumerate(counts) if count and row not in hidden), key=counts.__getitem__
    )
    chosen = set(hidden)
    while chosen and others and (len(chosen) == 1 or sum(counts[row] for row in chosen) < FEWEST):
        chosen.add(others.pop(0))
    return chosen


def _written(row, hidden):
    counts = [
        count if column not in hidden else SMALL if is_small(count) else HIDDEN
        for column, count in enumerate(row.counts)
    ]
    share = "" if hidden or row.share is None else row.share
    return [*row.about, *counts, share]
