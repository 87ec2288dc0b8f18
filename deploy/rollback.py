"""`make rollback`: back to the version before the last upgrade, with what was written since.

--from-snapshot brings the database from before the upgrade back as well; what came in since is lost.
"""

from pathlib import Path

import changeover
from layout import Server, arguments, outlive_the_terminal, refuse, say
from libraries import check_python

FROM_SNAPSHOT = {"action": "store_true", "help": "bring the database back too; what came in since is lost"}


def main():
    """Change to the version that was in use before, or undo a change that broke off."""
    check_python()
    outlive_the_terminal()
    options = arguments("Go back to the version before the last upgrade.", from_snapshot=FROM_SNAPSHOT)
    server = Server(options)
    server.take_turn()
    if "unfinished" in server.history.read():
        changeover.undo(server)
    else:
        go_back(server, from_snapshot=options.from_snapshot)
    say(f"Version {server.running().name} runs again.")


def go_back(server, *, from_snapshot):
    """Give the database the shape that the earlier version knows, and start that version."""
    previous = server.history.read().get("previous")
    if not previous:
        refuse("There is no earlier version to go back to.")
    if from_snapshot and not (previous["snapshot"] and Path(previous["snapshot"]).exists()):
        refuse("There is no copy of the database from before the upgrade; run make rollback alone.")
    newer, release = server.running(), server.releases / previous["release"]
    if previous["snapshot"]:
        changeover.check_room(server, newer)
    try:
        with changeover.way_back(server, newer):
            # Without a copy the upgrade had nothing to migrate.
            if previous["snapshot"]:
                change_database(server, newer, previous, from_snapshot=from_snapshot)
            server.start(release)
            # Nothing is left to migrate; the earlier version gives its roles the rights it knows.
            changeover.migrate(server, release)
    except (Exception, KeyboardInterrupt) as problem:
        refuse(
            f"Going back failed ({problem}), so the newer version stays in use. For the data from before "
            "the upgrade run make rollback ARGS=--from-snapshot; what came in since is lost."
        )
    changeover.finish(server, previous=None)


def change_database(server, newer, previous, *, from_snapshot):
    """Undo the newer version's migrations with its own code, or bring back the copy made before them."""
    changeover.keep(server, "before-rollback")
    if from_snapshot:
        changeover.restore(server, newer.name, previous["snapshot"])
    else:
        server.manage(newer, "migrate_back", input="\n".join(previous["migrations"]))


if __name__ == "__main__":
    main()
