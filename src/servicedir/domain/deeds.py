"""What the audit log says that was done, by the words that stand in it, and what that is called."""

from __future__ import annotations

from servicedir.domain.text import Text

_DEEDS: tuple[tuple[str, str, str], ...] = (
    ("save", "gespeichert", "saved"),
    ("submit", "zur Prüfung gesendet", "sent for review"),
    ("withdraw", "aus der Prüfung zurückgeholt", "taken back from review"),
    ("reject", "zurückgegeben", "returned"),
    ("publish", "veröffentlicht", "published"),
    ("discard", "Entwurf verworfen", "draft discarded"),
    ("retire", "zurückgezogen", "retired"),
    ("revive", "wieder aufgenommen", "taken up again"),
    ("rename", "Adresse geändert", "address changed"),
    ("verify", "als richtig bestätigt", "confirmed as correct"),
    ("assign", "Zuständigkeit geändert", "responsibility changed"),
    ("plan publish", "Veröffentlichung geplant", "publication planned"),
    ("plan retire", "Zurückziehen geplant", "retirement planned"),
    ("unplan publish", "geplante Veröffentlichung abgesagt", "planned publication cancelled"),
    ("unplan retire", "geplantes Zurückziehen abgesagt", "planned retirement cancelled"),
    ("publish overtaken", "geplante Veröffentlichung überholt", "planned publication overtaken"),
    ("retire overtaken", "geplantes Zurückziehen überholt", "planned retirement overtaken"),
    ("bulk office", "Amt vieler Einträge geändert", "office of many entries changed"),
    ("bulk under_review", "Video vieler Einträge auf „wird geprüft“ gesetzt", "video of many entries put under review"),
    ("bulk submit", "viele Einträge zur Prüfung gesendet", "many entries sent for review"),
    ("bulk responsible", "Zuständigkeit vieler Einträge geändert", "responsibility for many entries changed"),
    ("bulk undo", "Sammeländerung zurückgenommen", "change of many entries undone"),
    ("figures", "Zahlen eingetragen", "figures entered"),
    ("share", "Vorschaulink erstellt", "preview link made"),
    ("unshare", "Vorschaulink widerrufen", "preview link revoked"),
    ("upload", "Datei eingelesen", "file read in"),
    ("import", "Datei übernommen", "file taken over"),
    ("export", "Liste ausgegeben", "list exported"),
    ("take hint", "Hinweis übernommen", "hint taken"),
    ("finish hint", "Hinweis erledigt", "hint done"),
    ("reject hint", "Hinweis abgelehnt", "hint rejected"),
    ("discard hint", "Hinweis als Spam verworfen", "hint discarded as spam"),
    ("reopen hint", "Hinweis wieder geöffnet", "hint reopened"),
    ("sign in", "angemeldet", "signed in"),
    ("sign in refused", "Anmeldung abgelehnt", "sign-in refused"),
    ("code refused", "Einmal-Code abgelehnt", "one-time code refused"),
    ("password refused", "Passwort abgelehnt", "password refused"),
    ("password forgotten", "neues Passwort angefordert", "new password asked for"),
    ("password", "Passwort festgelegt", "password set"),
    ("factor add", "zweiter Faktor eingerichtet", "second factor set up"),
    ("factor remove", "zweiter Faktor abgeschaltet", "second factor removed"),
    ("factor reset", "zweiter Faktor zurückgesetzt", "second factor reset"),
    ("factor codes", "Ersatzcodes erneuert", "recovery codes renewed"),
    ("sessions end", "Sitzungen beendet", "sessions ended"),
    ("user add", "Konto angelegt", "account made"),
    ("user invite", "Person eingeladen", "person invited"),
    ("user change", "Name oder E-Mail geändert", "name or e-mail changed"),
    ("disable", "Konto gesperrt", "account locked"),
    ("enable", "Konto entsperrt", "account unlocked"),
    ("role add", "Rolle gegeben", "role given"),
    ("role remove", "Rolle entzogen", "role taken away"),
    ("deputy add", "Vertretung eingetragen", "deputy entered"),
    ("deputy remove", "Vertretung beendet", "deputy ended"),
    ("token add", "Token ausgegeben", "token issued"),
    ("token revoke", "Token widerrufen", "token revoked"),
)

DEEDS: dict[str, Text] = {word: Text.of(de=de, en=en) for word, de, en in _DEEDS}
"""What is written into the log -> what it is called."""


def called(deed: str, language: str) -> str:
    """Return what is said of a deed in a language; what is not known (any more) is said as it stands in the log."""
    return DEEDS[deed].within(language) if deed in DEEDS else deed
