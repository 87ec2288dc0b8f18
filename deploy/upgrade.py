"""`make upgrade`, in the folder of the new version: keep every row, and end with a site that runs.

Whatever fails, the earlier version runs again with the data it had. While the upgrade works, visitors
see the maintenance page and nothing is written, so nothing can be lost by going back.
"""

import subprocess
import time

import changeover
from layout import PROJECT, Server, arguments, outlive_the_terminal, refuse, say
from libraries import check_python


def main():
    """Change to this version."""
    check_python()
    outlive_the_terminal()
    server = Server(arguments("Change the installed site to this version."))
    server.take_turn()
    if server.running() is None:
        refuse("There is no site on this machine yet; run make install DOMAIN=… first.")
    if "unfinished" in server.history.read():
        changeover.undo(server)
    release = prepare(server)
    trouble_before = server.reasons() or []
    began = time.monotonic()
    try:
        previous = change(server, release)
    except (Exception, KeyboardInterrupt) as problem:
        refuse(f"The upgrade failed ({problem}). The earlier version runs again with all its data.")
    changeover.finish(server, previous)
    forget_older(server)
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


def change(server, release):
    """Migrate, and let the new release take over; return what there was before.

    Where nothing is to migrate, the database is left alone: another machine may be serving patients from it.
    """
    earlier = server.running()
    previous = {"release": earlier.name, "migrations": migrations(server, earlier, "[X]"), "snapshot": None}
    is_to_migrate = bool(migrations(server, release, "[ ]"))
    if is_to_migrate:
        changeover.check_room(server, release)
    with changeover.way_back(server, release):
        if is_to_migrate:
            previous["snapshot"] = changeover.keep(server, f"before-{release.name}")
            say("Migrating the database …")
            changeover.migrate(server, release)
        say("Starting the new version …")
        server.start(release)
        if not is_to_migrate:
            # Its roles get their rights last, since no copy would bring the earlier ones back.
            changeover.migrate(server, release)
    return previous


def migrations(server, release, mark):
    """Return the migrations of a release that the database has ("[X]") or lacks ("[ ]"), as "app.name"."""
    plan = server.manage(release, "showmigrations", "--plan", capture_output=True).stdout
    return [line.removeprefix(mark).split()[0] for line in plan.splitlines() if line.startswith(mark)]


def forget_older(server):
    """Remove what is older than the version before: its code, and the copies of its database."""
    facts = server.history.read()
    kept = {facts["current"], facts["previous"]["release"]}
    server.run(["rm", "-rf", *(folder for folder in server.releases.iterdir() if folder.name not in kept)])
    copies = server.data / "upgrades"
    if copies.exists():
        newest = facts["previous"]["snapshot"] or ""
        server.run_as_site(["find", copies, "-type", "f", "-not", "-path", newest, "-delete"])


def report(server, trouble_before):
    """Say what the site itself says, if that is worse than before."""

    def new_trouble():
        reasons = server.reasons()
        return {"no answer"} if reasons is None else set(reasons) - set(trouble_before)

    if not server.wait_until(lambda: not new_trouble(), seconds=30):
        say(f"The site says: {', '.join(sorted(new_trouble()))}. Look at journalctl, or run make rollback.")


if __name__ == "__main__":
    main()
