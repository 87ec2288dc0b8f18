"""`make upgrade`, in the folder of the new version: keep every row, and end with a site that runs.

Whatever fails, the earlier version runs again with the data it had. While the upgrade works, visitors
see the maintenance page and nothing is written, so nothing can be lost by going back.
"""

import subprocess
import sys
import time

from layout import PROJECT, Server, arguments, outlive_the_terminal, refuse, say
from libraries import check_python


def main():
    """Change to this version."""
    check_python()
    outlive_the_terminal()
    server = Server(arguments("Change the installed site to this version."))
    if server.running() is None:
        refuse("There is no site on this machine yet; run make install DOMAIN=… first.")
    if "unfinished" in server.history.read():
        undo(server)
    release = prepare(server)
    trouble_before = server.reasons() or []
    began = time.monotonic()
    try:
        close(server)
        note(server, release)
        change(server, release)
    except (Exception, KeyboardInterrupt) as problem:
        # Whatever it was, the site must not stay closed.
        undo(server)
        refuse(f"The upgrade failed ({problem}). The earlier version runs again with all its data.")
    finish(server)
    say(f"Version {release.name} runs. The site was closed for {time.monotonic() - began:.0f} seconds.")
    report(server, trouble_before)


def prepare(server):
    """Install the new release beside the old one and try it with the live settings; change nothing."""
    try:
        release = server.place(PROJECT)
        if release == server.running():
            refuse("This version is in use already.")
        say("Checking the settings …")
        server.manage(release, "check", "--deploy", "--fail-level", "ERROR", "--database", "default")
        server.collect_static(release)
    except subprocess.CalledProcessError:
        refuse("The new version can’t run here; see above. Nothing was changed.")
    return release


def close(server):
    """Show the maintenance page to everybody, let the last requests end, and stop the worker."""
    say("Closing the site for visitors …")
    server.close()
    server.service("stop", "clinic-worker")
    # A request that began before the page was up ends here; from now on nothing is written.
    server.service("restart", "clinic-web")


def note(server, release):
    """Keep the database, and write down what was in use, so that an interrupted upgrade can be undone."""
    say("Keeping the database as it is now …")
    earlier = server.running()
    snapshot = keep(server, release, f"before-{release.name}")
    previous = {"release": earlier.name, "migrations": applied(server, earlier), "snapshot": str(snapshot)}
    server.history.write(current=earlier.name, previous=previous, unfinished=release.name)


def keep(server, release, name):
    """Copy the database as it is now, by the installed program of a release; return the copy's path."""
    snapshot = server.data / "upgrades" / name
    server.run_as_site([sys.executable, release / "deploy/snapshot.py", "save", snapshot])
    return snapshot


def applied(server, release):
    """Return the migrations that the database has, as "app.name"."""
    plan = server.manage(release, "showmigrations", "--plan", capture_output=True).stdout
    return [line.split()[1] for line in plan.splitlines() if line.startswith("[X]")]


def change(server, release):
    """Migrate, and let the new release take over."""
    say("Migrating the database …")
    server.manage(release, "migrate", "--no-input", "-v0")
    say("Starting the new version …")
    server.start(release)


def finish(server):
    """Write down that it is done, open the site, and forget what is older than the previous version."""
    previous = server.history.read()["previous"]
    kept = {server.running().name, previous["release"]}
    server.history.write(current=server.running().name, previous=previous)
    server.open()
    server.run(["rm", "-rf", *(folder for folder in server.releases.iterdir() if folder.name not in kept)])
    older = ["find", server.data / "upgrades", "-type", "f", "-not", "-path", previous["snapshot"]]
    server.run_as_site([*older, "-delete"])


def undo(server):
    """Bring back what was in use before an upgrade that has not come to its end, and open the site."""
    say("Going back to the earlier version …")
    facts = server.history.read()
    if "unfinished" in facts:
        refuse_what_was_opened_by_hand(server)
        restore(server, server.releases / facts["unfinished"], facts["previous"]["snapshot"])
    server.start(server.running() if "current" not in facts else server.releases / facts["current"])
    server.history.write(current=server.running().name, previous=None)
    server.open()


def refuse_what_was_opened_by_hand(server):
    """Stop before a copy is put over what patients may have written since an upgrade broke off."""
    if not server.maintenance.exists():
        refuse(
            "An upgrade broke off, and the site was opened since. To go back and lose what came in, "
            f"make the file {server.maintenance} and run this again."
        )


def restore(server, release, snapshot):
    """Put the database back to what it was, with nobody at work on it."""
    server.service("stop", "clinic-web", "clinic-worker")
    # The installed program: the folder of make is root's own, closed to the site's user.
    server.run_as_site([sys.executable, release / "deploy/snapshot.py", "restore", snapshot])


def report(server, trouble_before):
    """Say what the site itself says, if that is worse than before."""

    def new_trouble():
        reasons = server.reasons()
        return {"no answer"} if reasons is None else set(reasons) - set(trouble_before)

    if not server.wait_until(lambda: not new_trouble(), seconds=30):
        say(f"The site says: {', '.join(sorted(new_trouble()))}. Look at journalctl, or run make rollback.")


if __name__ == "__main__":
    main()
