"""What HSDS has no field for, as attributes of a service: stages, constraints, nature, topics and the rest.

Attributes of attributes say more of one: `link_id` is then the id of the other, and `link_entity` is `attribute`.
"""

from __future__ import annotations

from servicedir.domain.service import NOTHING_SAID, Channel, ChannelKind, Constraint, Period, Service
from servicedir.exchange.hsds.identity import identifier
from servicedir.exchange.hsds.scope import Attributes, Object, Scope
from servicedir.exchange.hsds.vocabulary import stage_taxonomy, topic_code


def attributes_of(service: Service, scope: Scope) -> list[Object]:
    """Return the attributes of a service. That nothing is known of video is said as well."""
    made = Attributes(scope, "service", identifier("service", service.slug))
    made.add(f"nature:{service.nature.value}")
    for kind in dict.fromkeys(service.available(scope.on)):
        made.add(f"channel:{kind.value}")
    if not any(channel.kind is ChannelKind.VIDEO for channel in service.channels):
        _stage(made, ChannelKind.VIDEO, NOTHING_SAID, "stage")
    for channel in service.channels:
        _channel(made, channel, scope)
    for constraint in service.constraints:
        _constraint(made, constraint)
    for slug in service.topics:
        if topic := scope.catalogue.topics.get(slug):
            made.add(topic_code(slug, topic.kind))
    for slug in service.audiences:
        made.add(f"audience:{slug}")
    _details(made, service, scope)
    return made.made


def _details(made: Attributes, service: Service, scope: Scope) -> None:
    for word in service.keywords:
        made.say("", keyword=word)
    for basis in service.legal_bases:
        cited = made.add("detail:legal-basis", basis.citation)
        made.say(cited, legal_basis_url=basis.url)
    made.say("", leika_key=service.leika_key, duration=service.duration)
    for slug in service.related:
        if slug in scope.published:
            made.say("", related=identifier("service", slug))
    for slug in service.offices[1:]:
        if slug in scope.catalogue.offices:
            made.say("", further_office=identifier("organization", slug))


def _channel(made: Attributes, channel: Channel, scope: Scope) -> None:
    """Add where a channel stands on the day, what else is said of it, and where it stood or will stand."""
    now = channel.period(scope.on)
    stage = _stage(made, channel.kind, now, "stage")
    made.say(stage, note=channel.note, verified=channel.verified)
    for period in channel.periods:
        if period is not now:
            _stage(made, channel.kind, period, "stage-earlier" if period.last < scope.on else "stage-later")


def _stage(made: Attributes, kind: ChannelKind, period: Period, link_type: str) -> str:
    stage = made.add(f"{stage_taxonomy(kind)}:{period.stage.value}", _span(period), link_type=link_type)
    needs = period.needs
    made.say(
        stage,
        attested=period.attested,
        reason=period.reason,
        source=period.source,
        booking=period.booking,
        booking_url=period.booking_url,
        slots_per_week=period.slots_per_week,
        by_arrangement=period.by_arrangement or None,
        telework=period.telework,
        tool=needs.tool,
        browser_only=needs.browser_only,
        interpreter=needs.interpreter,
        captions=needs.captions,
        test_url=needs.test_url,
        privacy=needs.privacy,
    )
    return stage


def _span(period: Period) -> str:
    """Return since when and until when, as exact as it is known (ISO 8601-2): nothing before the slash is unknown."""
    if period.since or period.until:
        return f"{period.since or ''}/{period.until or '..'}"
    return ""


def _constraint(made: Attributes, constraint: Constraint) -> None:
    asked = made.add(f"requirement:{constraint.requirement.value}")
    made.add(f"constraint:{constraint.kind.value}", of=asked)
    made.add(f"effect:{constraint.effect.value}", of=asked)
    if constraint.channel:
        made.add(f"channel:{constraint.channel.value}", of=asked)
    if constraint.legal_basis:
        made.say(asked, legal_basis=constraint.legal_basis.citation, legal_basis_url=constraint.legal_basis.url)
    made.say(asked, note=constraint.note)
