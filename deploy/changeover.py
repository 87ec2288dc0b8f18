"""What `make upgrade` and `make rollback` share: a change to another release, with a way back to its end.

releases.json says `unfinished` from before the first step until after the last, so that whoever comes after
a power cut knows what to bring back: the database only once it was copied, for until then nothing changed.
"""

import subprocess
from contextlib import contextmanager

from layout import SERVICES, refuse, say


@contextmanager
def way_back(server, newer):
    """Close the site for a change to or from a newer release; what goes wrong in it leaves all as it was."""
    unfinished = {"newer": newer.name, "snapshot": None, "was_closed": server.maintenance.exists()}
    facts = {"previous": None} | server.history.read() | {"current": server.running().name}
    server.history.write(**facts, unfinished=unfinished)
    try:
        close(server)
        yield
    except (Exception, KeyboardInterrupt):
        undo(server)
        raise


def close(server):
    """Show the maintenance page to everybody, let the last requests end, and stop the worker."""
    say("Closing the site for visitors …")
    server.close()
    server.service("stop", "clinic-worker")
    # A request that began before the page was up ends here; from now on nothing is written.
    server.service("restart", "clinic-web")


def keep(server, name):
    """Copy the database before it is changed, so that going back brings it back; return the copy's path."""
    say("Keeping the database as it is now …")
    facts = server.history.read()
    snapshot = str(server.data / "upgrades" / name)
    run_snapshot(server, facts["unfinished"]["newer"], "save", snapshot)
    facts["unfinished"]["snapshot"] = snapshot
    server.history.write(**facts)
    return snapshot


def check_room(server, newer):
    """Refuse while the site is open still, if the disk has no room for the copy."""
    try:
        run_snapshot(server, newer.name, "room", server.data / "upgrades")
    except subprocess.CalledProcessError:
        refuse("There is no room for a copy of the database; see above. Nothing was changed.")


def run_snapshot(server, name, verb, place):
    """Let the newer release copy or bring back the database: the earlier one may not know how."""
    server.manage(server.releases / name, "snapshot", verb, place)


def migrate(server, release):
    """Make the database what a release expects, and give its roles the rights it knows."""
    server.manage(release, "migrate", "--no-input", "-v0")


def finish(server, previous):
    """Write down that it is done, open the site, and only then let the worker work."""
    facts = server.history.read()
    unfinished = facts["unfinished"] | {"snapshot": None}
    facts = {"current": server.running().name, "previous": previous}
    # From here on, going on after a power cut means to open the new version.
    server.history.write(**facts, unfinished=unfinished)
    reopen(server, unfinished)
    server.start_worker()
    server.history.write(**facts)


def undo(server):
    """Bring back what was in use before a change that has not come to its end, and open the site."""
    facts = server.history.read()
    unfinished = facts.pop("unfinished")
    say(f"Going back to version {facts['current']} …")
    try:
        if unfinished["snapshot"]:
            refuse_what_was_opened_by_hand(server)
            restore(server, unfinished["newer"], unfinished["snapshot"])
        # Before all that a full disk could hinder.
        reopen(server, unfinished)
        try:
            server.start(server.releases / facts["current"])
            server.start_worker()
        except (OSError, subprocess.CalledProcessError):
            # The database is back already: bringing it back once more would lose what comes in.
            server.history.write(**facts, unfinished=unfinished | {"snapshot": None})
            raise
        server.history.write(**facts)
    except (OSError, subprocess.CalledProcessError) as problem:
        refuse(f"Going back failed ({problem}). Mend that, and run make rollback again.")


def refuse_what_was_opened_by_hand(server):
    """Stop before a copy is put over what patients may have written since a change broke off."""
    if not server.maintenance.exists():
        refuse(
            "What broke off was not undone yet, and the site was opened since. To go back and lose what "
            f"came in, make the file {server.maintenance} and run this again."
        )


def restore(server, newer, snapshot):
    """Put the database back to what it was, with nobody at work on it."""
    server.service("stop", *SERVICES)
    run_snapshot(server, newer, "restore", snapshot)


def reopen(server, unfinished):
    """Open the site, unless somebody had closed it before."""
    if not unfinished["was_closed"]:
        server.open()
