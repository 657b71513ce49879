"""Following a search by mail, from the form to the end: nobody is told who follows, and programs press no buttons."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from builders import Clock, a_channel, a_period, a_service
from clocked_site import ClockedSite
from houses import SECRET, publish, rows
from pagecheck import faults
from sites import Site
from webtest import TestApp

from servicedir.directory import subscriptions
from servicedir.directory.housekeeping import run, send_mails
from servicedir.directory.telling import tell
from servicedir.storage.mails import Mail
from servicedir.web.open_form import OLDEST, QUICKEST, stamp

PATH = "/subscribe?video=live&office=jugendamt"
ABOUT = "subscribe?video=live&office=jugendamt"
KIM = "kim@example.org"
ORIGIN = "https://dienste.example"


@pytest.fixture
def site(town_with: Callable[..., Site]) -> Site:
    return town_with(base_url=ORIGIN, check_links="false")


def filled(site: Site, path: str = PATH, about: str = ABOUT, *, age: int = 60, **typed: str) -> Any:
    """The form, filled in by somebody who has had it before them for a while."""
    form = site.visitor().get(path).forms["subscribe"]
    for name, value in ({"email": KIM} | typed).items():
        form[name] = value
    form["csrf_token"] = stamp(SECRET, about, int(site.house.now().timestamp()) - age)
    return form


def outbox(site: Site) -> list[Mail]:
    with site.house.work() as directory:
        return directory.mails.unsent(100)


def link_in(text: str, kind: str) -> str:
    found = re.search(rf"{ORIGIN}(/{kind}/\S+)", text)
    assert found
    return found[1]


def followed(site: Site) -> str:
    """Follow the search; return the path at which that ends."""
    filled(site).submit("send", status=303)
    (mail,) = outbox(site)
    site.visitor().post(link_in(mail.body, "subscriptions"), status=303)
    return link_in(mail.headers["List-Unsubscribe"].strip("<>"), "unsubscribe")


# Asking


def test_somebody_follows_a_search_confirms_it_and_ends_it(site: Site) -> None:
    visitor = site.visitor()
    answer = visitor.get("/?video=pilot")
    form = answer.click(href="/subscribe").forms["subscribe"]
    assert "Neue Video-Angebote" in visitor.get("/subscribe?video=pilot").text
    form["email"] = KIM
    form["csrf_token"] = stamp(SECRET, "subscribe?video=pilot", int(site.house.now().timestamp()) - 60)
    sent = form.submit("send", status=303).follow()
    assert "Bitte sehen Sie in Ihre E-Mails" in sent.text
    (mail,) = outbox(site)
    asked = visitor.get(link_in(mail.body, "subscriptions"))
    begun = asked.forms["confirm"].submit(status=303).follow()
    assert "hat begonnen" in begun.text
    assert "schon bestätigt" in visitor.get(link_in(mail.body, "subscriptions")).text
    end = link_in(mail.headers["List-Unsubscribe"].strip("<>"), "unsubscribe")
    ended = visitor.get(end).forms["end"].submit(status=200)
    assert "beendet" in ended.text
    assert rows(site.house, "subscriptions") == rows(site.house, "mails") == 0
    for page in (sent, asked, begun, ended):
        assert faults(page.text, "de") == []
    assert not visitor.cookies


def test_in_english_everything_stays_in_english(site: Site) -> None:
    form = filled(site, f"{PATH}&lang=en")
    answer = form.submit("send", status=303)
    assert answer.headers["Location"].endswith("/subscribe/sent?lang=en")
    (mail,) = outbox(site)
    path = link_in(mail.body, "subscriptions")
    assert path.endswith("?lang=en")
    page = site.get(path)
    assert faults(page.text, "en") == []
    assert "New video offers · Jugendamt" in page.text


def test_the_answer_is_the_same_whether_the_address_follows_already_or_not(site: Site) -> None:
    followed(site)
    known = filled(site).submit("send", status=303)
    unknown = filled(site, email="somebody.else@example.org").submit("send", status=303)
    hidden = {"Date", "Content-Length"}
    assert known.body == unknown.body
    assert {k: v for k, v in known.headers.items() if k not in hidden} == {
        k: v for k, v in unknown.headers.items() if k not in hidden
    }


def test_no_page_shows_an_address(site: Site) -> None:
    end = followed(site)
    (mail,) = outbox(site)
    for path in (end, link_in(mail.body, "subscriptions"), PATH, "/subscribe/sent", "/subscribe/done"):
        assert KIM not in site.get(path).text
    assert KIM not in site.visitor().post(end).text


def test_while_everybody_asks_one_is_told_when_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST_OF_ALL", 1)
    filled(site).submit("send", status=303)
    answer = filled(site, email="another@example.org").submit("send", status=429)
    assert "Gerade werden sehr viele Abonnements angefordert" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.forms["subscribe"]["email"].value == "another@example.org"


REFUSED = {
    "no address": ({"email": "kim at example"}, "keine E-Mail-Adresse"),
    "nothing": ({"email": ""}, "füllen Sie dieses Feld aus"),
    "no address that mails reach": ({"email": "käthe@example.org"}, "keine E-Mail-Adresse"),
    "two addresses": ({"email": "a@example.org,b@example.org"}, "keine E-Mail-Adresse"),
    "a robot": ({"homepage": "https://spam.example"}, "leeren Sie dieses Feld"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_comes_back_with_a_sentence_and_what_was_typed(site: Site, case: str) -> None:
    typed, sentence = REFUSED[case]
    answer = filled(site, **typed).submit("send", status=400)
    assert sentence in answer.text
    for name, value in typed.items():
        assert answer.forms["subscribe"][name].value == value
    assert faults(answer.text, "de") == []
    assert rows(site.house, "subscriptions") == rows(site.house, "mails") == 0


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
def test_a_line_break_smuggles_in_no_header(site: Site, line_break: str) -> None:
    fields = dict(filled(site).submit_fields("send"))
    fields["email"] = f"kim@example.org{line_break}Bcc: other@example.org"
    site.visitor().post(PATH, fields, status=400)
    assert rows(site.house, "mails") == 0


@pytest.mark.parametrize(
    ("age", "sentence"),
    [(QUICKEST - 2, "schneller, als Menschen schreiben"), (OLDEST + 60, "länger als einen Tag offen")],
)
def test_a_form_that_is_too_fresh_or_too_old_is_shown_again(site: Site, age: int, sentence: str) -> None:
    assert sentence in filled(site, age=age).submit("send", status=400).text
    assert rows(site.house, "subscriptions") == 0


def test_the_form_of_another_search_or_site_is_refused(site: Site) -> None:
    form = filled(site)
    fields = form.submit_fields("send")
    assert "kam nicht von unserer Seite" in site.visitor().post("/subscribe?q=x", fields, status=400).text
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        site.visitor().post(PATH, fields, headers=headers, status=400)
    assert rows(site.house, "subscriptions") == 0


def test_who_asks_too_often_has_to_wait(site: Site) -> None:
    for number in range(5):
        filled(site, email=f"kim{number}@example.org").submit("send", status=303)
    answer = filled(site, email="more@example.org").submit("send", status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert "Minuten noch einmal" in answer.text


def test_a_wrong_search_is_a_400(site: Site) -> None:
    site.get("/subscribe?video=sometimes", status=400)


# The links in mails


def test_a_program_that_looks_at_the_links_begins_and_ends_nothing(site: Site) -> None:
    filled(site).submit("send", status=303)
    (mail,) = outbox(site)
    confirm = link_in(mail.body, "subscriptions")
    end = link_in(mail.headers["List-Unsubscribe"].strip("<>"), "unsubscribe")
    for path in (confirm, end):
        for method in ("GET", "HEAD", "OPTIONS"):
            site.ask(path, method=method)
    with site.house.work() as directory:
        assert directory.stored_subscriptions.get(1).confirmed is None


def test_one_click_of_a_mail_program_ends_it_without_cookie_token_or_redirect(site: Site) -> None:
    end = followed(site)
    mail = outbox(site)[-1]
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = site.visitor().post(end, {"List-Unsubscribe": "One-Click"}, status=200)
    assert "Set-Cookie" not in answer.headers
    assert rows(site.house, "subscriptions") == 0
    again = site.visitor().post(end, {"List-Unsubscribe": "One-Click"}, status=404)
    assert "Dieses Abonnement gibt es nicht" in again.text


@pytest.mark.parametrize("headers", [{"Origin": "https://mail.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_one_click_from_a_mail_program_on_the_net_works_as_well(site: Site, headers: dict[str, str]) -> None:
    site.visitor().post(followed(site), {"List-Unsubscribe": "One-Click"}, headers=headers, status=200)
    assert rows(site.house, "subscriptions") == 0


@pytest.mark.parametrize("kind", ["subscriptions", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "1", f"1-{'0' * 64}", f"999999999-{'0' * 64}", "1-"])
def test_a_wrong_link_is_a_page_that_says_what_to_do_and_the_same_for_all(site: Site, kind: str, token: str) -> None:
    followed(site)
    path = f"/{kind}/{token}"
    answer = site.get(path, status=404)
    assert "Dieses Abonnement gibt es nicht" in answer.text
    other = site.get(f"/{kind}/zzz", status=404).text
    assert answer.text.replace(f"/{token}", "/zzz") == other
    site.visitor().post(path, status=404)
    assert rows(site.house, "subscriptions") == 1


def test_pages_whose_address_is_a_key_are_kept_and_passed_on_by_nobody(site: Site) -> None:
    end = followed(site)
    for answer in (site.get(end), site.visitor().post(end), site.get(end, status=404)):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]


def test_nothing_about_a_person_is_logged(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with structlog.testing.capture_logs() as lines:
        end = followed(site)
        list(run(site.house))
        site.visitor().post(end)
    said = f"{lines}{capsys.readouterr()}"
    assert "kim" not in said
    assert "unsubscribe" not in said


# On the wire


class Received:
    """A server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=SMTP)
        assert isinstance(message, EmailMessage)
        assert message.defects == []
        self.mails.append(message)
        return "250 OK"


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
def port(received: Received) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(received, hostname="127.0.0.1", port=port)
    server.start()
    yield str(port)
    server.stop()


def test_a_mail_server_gets_mails_that_its_readers_can_end(
    town_folder: Path, tmp_path: Path, received: Received, port: str
) -> None:
    clock = Clock("2030-03-04T09:00:00+00:00")
    shutil.copytree(town_folder, tmp_path / "later")
    wire = {"mail_host": "127.0.0.1", "mail_port": port, "mail_tls": "false"}
    site = ClockedSite(tmp_path / "later", clock, base_url=ORIGIN, title="Köln: „Ämter“", **wire)
    try:
        follow_on_the_wire(site, clock, received)
    finally:
        site.close()


def follow_on_the_wire(site: ClockedSite, clock: Clock, received: Received) -> None:
    filled(site).submit("send", status=303)
    assert [done.failed for done in send_mails(site.house)] == [False]
    (question,) = received.mails
    site.visitor().post(link_in(question.get_content(), "subscriptions"), status=303)
    publish(site.house, a_service("neu", title="Neu: „Beratung“", offices=("jugendamt",), channels=(LIVE,)))
    clock.now += timedelta(days=1)
    assert tell(site.house).told == 1
    assert [done.failed for done in send_mails(site.house)] == [False]
    mail = received.mails[-1]
    assert mail["To"] == KIM
    assert mail["Subject"] == "Köln: „Ämter“: 1 neu – Neue Video-Angebote · Jugendamt"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_all("List-Unsubscribe-Post") == ["List-Unsubscribe=One-Click"]
    (unsubscribe,) = mail.get_all("List-Unsubscribe", [])
    assert re.fullmatch(rf"<{ORIGIN}/unsubscribe/1-[0-9a-f]{{64}}\?lang=de>", str(unsubscribe))
    assert "* Neu: „Beratung“" in mail.get_content()
    assert f"{ORIGIN}/services/neu" in mail.get_content()
    # As it goes over the wire: in one line, since programs read it.
    assert re.search(rb"\r\nList-Unsubscribe: <https://[^\s>]+>\r\n", received.raw[-1])
    one_click: TestApp = site.visitor()
    one_click.post(str(unsubscribe).strip("<>").removeprefix(ORIGIN), "List-Unsubscribe=One-Click", status=200)
    assert rows(site.house, "subscriptions") == 0


LIVE = a_channel("video", a_period("live", "2024"))
