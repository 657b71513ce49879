"""What the page of open data calls things: what each format is good for, well-known licences."""

from __future__ import annotations

from servicedir.web.translation import _

PURPOSES = {
    "csv": _("Tabelle für Excel, LibreOffice und Auswertungen: eine Zeile je Dienstleistung"),
    "xlsx": _("Dieselbe Tabelle als Arbeitsmappe"),
    "json": _("Alles in einem Dokument, für Programme: in den Worten der Schnittstelle"),
    "jsonld": _("Verknüpfte Daten nach CPSV-AP, als JSON-LD"),
    "ttl": _("Verknüpfte Daten nach CPSV-AP, als Turtle"),
    "sqlite": _("Datenbank mit lesbaren Tabellen, für SQL und Datasette"),
    "hsds": _("Nach Open Referral HSDS, für andere Verzeichnisse"),
}

_DE = "http://dcat-ap.de/def/licenses/"
_GOVDATA = "https://www.govdata.de/dl-de/"
LICENCES = {
    f"{_DE}dl-by-de/2.0": ("Datenlizenz Deutschland – Namensnennung – Version 2.0", f"{_GOVDATA}by-2-0"),
    f"{_DE}dl-zero-de/2.0": ("Datenlizenz Deutschland – Zero – Version 2.0", f"{_GOVDATA}zero-2-0"),
    f"{_DE}cc-by/4.0": ("Creative Commons BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    f"{_DE}cc-zero": ("Creative Commons Zero", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "https://creativecommons.org/licenses/by/4.0/": (
        "Creative Commons BY 4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
}
"""By their addresses: what licences are called, and where people read them."""
