"""What differs between two revisions of an inquiry, in words: its own fields, and each question."""

from __future__ import annotations

from itertools import zip_longest

from servicedir.domain.document import from_document
from servicedir.domain.history import Revision
from servicedir.domain.inquiry import Inquiry, Question
from servicedir.web.page import Site
from servicedir.web.translation import _

FIELDS = {
    "reference": _("Aktenzeichen"),
    "title": _("Titel"),
    "asked_by": _("Gefragt von"),
    "received": _("Eingegangen am"),
    "deadline": _("Antworten bis"),
    "on": _("Beantwortet für den Tag"),
    "recorded": _("Stand des Wissens"),
    "introduction": _("Einleitung"),
}
"""The fields of an inquiry beside its questions."""


def changes(old: Revision, new: Revision, site: Site) -> list[str]:
    """Return what was changed between two revisions, a few words each."""
    before, after = (from_document(Inquiry, revision.document) for revision in (old, new))
    found = [site.translate(name) for field, name in FIELDS.items() if getattr(before, field) != getattr(after, field)]
    for number, (was, now) in enumerate(zip_longest(before.questions, after.questions), 1):
        if was != now:
            found.append(_of_question(number, was, now, site))
    return found


def _of_question(number: int, was: Question | None, now: Question | None, site: Site) -> str:
    mapping = {"number": number}
    if was is None:
        return site.translate(_("Frage ${number} hinzugefügt", mapping=mapping))
    if now is None:
        return site.translate(_("Frage ${number} entfernt", mapping=mapping))
    said = [site.translate(_("Wortlaut"))] if was.text != now.text else []
    for place, (old, new) in enumerate(zip_longest(was.blocks, now.blocks), 1):
        if old == new:
            continue
        if old is None:
            said.append(site.translate(_("Baustein ${number} hinzugefügt", mapping={"number": place})))
        elif new is None:
            said.append(site.translate(_("Baustein ${number} entfernt", mapping={"number": place})))
        else:
            said.append(site.translate(_("Baustein ${number} geändert", mapping={"number": place})))
    return site.translate(_("Frage ${number}: ${what}", mapping={"number": number, "what": ", ".join(said)}))
