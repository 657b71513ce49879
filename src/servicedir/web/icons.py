"""Our own small line icons, once in the page so that no request is needed; always beside words."""

from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "video": '<rect x="3" y="6" width="12" height="12" rx="2"/><path d="M15 11l6-3v8l-6-3z"/>',
    "phone": '<path d="M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"/>',
    "chat": '<path d="M4 5h16v11H9l-5 4z"/>',
    "online": '<rect x="3" y="4" width="18" height="12" rx="2"/><path d="M8 20h8M12 16v4"/>',
    "in_person": '<path d="M4 21V8l8-5 8 5v13M4 21h16M9 21v-6h6v6"/>',
    "home_visit": '<path d="M3 12l9-8 9 8M6 10v10h12V10"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3 7l9 7 9-7"/>',
    "law": '<path d="M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z"/>',
    "check": '<path d="M4 12l5 5L20 6"/>',
    "flask": '<path d="M9 3h6M10 3v6l-5 9a2 2 0 0 0 2 3h10a2 2 0 0 0 2-3l-5-9V3"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="2"/><path d="M3 10h18M8 3v4M16 3v4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "stop": '<rect x="6" y="6" width="12" height="12"/>',
    "plus": '<path d="M5 12h14M12 5v14"/>',
    "minus": '<path d="M5 12h14"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.01"/>',
    "office": '<path d="M4 21V5h10v16M14 9h6v12M4 21h16M7 9h4M7 13h4M7 17h4"/>',
    "place": '<path d="M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21z"/><circle cx="12" cy="9.5" r="2.5"/>',
    "feed": '<circle cx="6" cy="18" r="1.5"/><path d="M5 11a8 8 0 0 1 8 8M5 5a14 14 0 0 1 14 14"/>',
    "edit": '<path d="M4 20l1-5L16 4l4 4L9 19z"/>',
}


SPRITE = Markup('<svg class="sprite" width="0" height="0" aria-hidden="true">{}</svg>').format(
    Markup("").join(
        Markup(f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>')  # noqa: S704 - our own constants
        for name, paths in _PATHS.items()
    )
)
"""All icons, invisible; whatever shows one needs this in the same page."""

_ICONS = {
    name: Markup(f'<svg class="icon" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S704 - likewise
    for name in _PATHS
}


def icon(name: str) -> Markup:
    """Return an icon as SVG, hidden from screen readers since words stand beside it."""
    return _ICONS[name]
