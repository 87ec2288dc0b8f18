"""`make rollback`: back to the version before the last upgrade, with what was written since.

--from-snapshot brings the database from before the upgrade back as well; what came in since is lost.
"""

import subprocess

import upgrade
from layout import Server, arguments, outlive_the_terminal, refuse, say
from libraries import check_python

FROM_SNAPSHOT = {"action": "store_true", "help": "bring the database back too; what came in since is lost"}


def main():
    """Change to the version that was in use before."""
    check_python()
    outlive_the_terminal()
    options = arguments("Go back to the version before the last upgrade.", from_snapshot=FROM_SNAPSHOT)
    server = Server(options)
    facts = server.history.read()
    previous = facts.get("previous")
    if not previous:
        refuse("There is no earlier version to go back to.")
    try:
        if "unfinished" in facts:
            upgrade.undo(server)
        elif options.from_snapshot:
            go_back(server, previous, lambda: upgrade.restore(server, server.running(), previous["snapshot"]))
        else:
            go_back(server, previous, lambda: take_back_migrations(server, previous["migrations"]))
    except (subprocess.CalledProcessError, TimeoutError) as problem:
        refuse(f"The site is still closed ({problem}). Run make rollback again, or make upgrade.")
    say(f"Version {previous['release']} runs again.")


def go_back(server, previous, change_database):
    """Close the site, change the database, and start the earlier version."""
    upgrade.close(server)
    change_database()
    release = server.releases / previous["release"]
    # Nothing is left to migrate; the earlier version gives its roles the rights it knows.
    server.manage(release, "migrate", "--no-input", "-v0")
    server.start(release)
    server.history.write(current=release.name, previous=None)
    server.open()


def take_back_migrations(server, kept):
    """Undo the new version's migrations with its own code; it stays in use if it can't."""
    newer = server.running()
    # A column that was undone before something failed comes back empty from migrating again.
    snapshot = upgrade.keep(server, newer, "before-rollback")
    try:
        server.manage(newer, "migrate_back", input="\n".join(kept))
    except subprocess.CalledProcessError:
        upgrade.restore(server, newer, snapshot)
        server.start(newer)
        server.open()
        refuse(
            "The newer version stays in use. To go back to the data from before the upgrade, "
            "run make rollback ARGS=--from-snapshot; what came in since is lost."
        )


if __name__ == "__main__":
    main()
