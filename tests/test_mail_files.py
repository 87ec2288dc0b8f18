from email import message_from_bytes

import pytest
from django.core.mail import EmailMessage, get_connection


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def test_each_message_becomes_one_file_of_its_own(mailbox):
    connection = get_connection("clinic.mail_files.EmailBackend")
    messages = [EmailMessage(f"Subject {n}", "Body", to=["desk@harbor.example"]) for n in (1, 2)]

    sent = connection.send_messages(messages)

    files = sorted(mailbox.iterdir())
    assert sent == 2
    assert [message_from_bytes(file.read_bytes())["Subject"] for file in files] == ["Subject 1", "Subject 2"]
    assert [file.suffix for file in files] == [".eml", ".eml"]


def test_only_its_owner_reads_a_message(mailbox):
    get_connection("clinic.mail_files.EmailBackend").send_messages(
        [EmailMessage("Subject", "Body", to=["a@b.example"])]
    )

    assert [file.stat().st_mode & 0o777 for file in mailbox.iterdir()] == [0o600]
