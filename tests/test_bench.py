"""What bench/ measures with: entries that are always the same, arithmetic that is right, and a run of everything."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench"))

import drive
import entries
import generate
import load
import mix
import search
import servers

from servicedir.directory import House
from servicedir.domain.document import to_document
from servicedir.domain.query import FACETS, Query, parse
from servicedir.domain.service import ChannelKind, Service, Stage
from servicedir.exchange.open_formats import OPEN_FORMATS

BENCH = Path(load.__file__).parent
TODAY = date(2026, 11, 23)

DIGEST = """
import hashlib, json, sys
from entries import moments, services
from servicedir.domain.document import to_document
lines = [json.dumps(to_document(s), ensure_ascii=False) for s in services(120)] + list(map(str, moments(120)))
sys.stdout.write(hashlib.sha256("\\n".join(lines).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def generated() -> list[Service]:
    return list(entries.services(1_500))


def test_the_same_seed_gives_the_same_bytes_in_every_process() -> None:
    def digest(hash_seed: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(BENCH), "PYTHONHASHSEED": hash_seed, "TZ": f"XXX{hash_seed}"}
        return subprocess.check_output([sys.executable, "-c", DIGEST], env=environment, text=True)

    assert len(digest("1")) == hashlib.sha256().digest_size * 2
    assert digest("1") == digest("2")


def test_another_seed_gives_other_entries() -> None:
    assert next(entries.services(1)) != next(entries.services(1, "another"))


def test_fewer_entries_are_the_first_of_more(generated: list[Service]) -> None:
    assert list(entries.services(100)) == generated[:100]


def test_entries_have_no_faults_and_contradict_nothing(generated: list[Service]) -> None:
    assert [fault for service in generated for fault in service.faults()] == []
    assert [service.slug for service in generated if service.contradictions(TODAY)] == []


def test_every_entry_has_a_slug_and_a_title_of_its_own(generated: list[Service]) -> None:
    assert len({service.slug for service in generated}) == len(generated)
    assert len({service.title.get("de") for service in generated}) == len(generated)


def test_entries_point_only_at_what_is_there(generated: list[Service]) -> None:
    there: dict[str, set[str]] = {}
    for kind, value in generate.small_nouns():
        there.setdefault(kind, set()).add(value.slug)
    slugs = {service.slug for service in generated}
    for service in generated:
        assert set(service.offices) <= there["office"]
        assert set(service.topics) <= there["topic"]
        assert set(service.audiences) <= there["audience"]
        assert set(service.places) <= there["place"]
        assert set(service.related) < slugs - {service.slug}


def test_bodies_are_as_long_as_they_should_be(generated: list[Service]) -> None:
    words = [len(service.body.get("de").split()) for service in generated]
    assert 115 < sum(words) / len(words) < 135
    assert min(words) >= entries.BODY_WORDS and max(words) < 200


def test_entries_are_german(generated: list[Service]) -> None:
    assert sum(any(char in "äöüß" for char in service.title.get("de").lower()) for service in generated) > 300
    assert all("{" not in text for service in generated for _, text in (*service.body, *service.summary))


def test_of_most_entries_nobody_has_said_anything_on_video(generated: list[Service]) -> None:
    stages = Counter(service.stage(ChannelKind.VIDEO, TODAY) for service in generated)
    assert 0.55 < stages[Stage.UNKNOWN] / len(generated) < 0.7
    assert set(stages) == set(Stage)


def test_saved_moments_are_in_order_and_on_working_days() -> None:
    found = entries.moments(500)
    assert found == sorted(found)
    assert {moment.weekday() for moment in found} == set(range(5))
    assert found[0].date() >= entries.FIRST_DAY and found[-1].date() <= entries.LAST_DAY


def test_dice_give_every_number_between_two_and_no_other() -> None:
    dice = entries.Dice("test")
    assert Counter(dice.number(1, 3) for _ in range(300)).keys() == {1, 2, 3}
    assert {dice.pick("abc") for _ in range(100)} == set("abc")
    assert all(1 <= len(dice.some("abcd", 1, 2)) <= 2 for _ in range(100))
    assert {dice.weighted({"a": 0.5, "b": 0.5}) for _ in range(100)} == {"a", "b"}


def test_the_mix_is_the_same_each_time_and_has_all_kinds() -> None:
    first, second = list(islice(mix.searches(), 500)), list(islice(mix.searches(), 500))
    assert first == second
    assert {kind for kind, _ in first} == set(mix.KINDS)
    assert abs(sum(mix.KINDS.values()) - 1) < 1e-9


def test_distinct_searches_never_ask_for_the_same() -> None:
    asked = list(islice(mix.distinct(), 2_000))
    assert len({str(pairs) for pairs in asked}) == 2_000
    # Nor for another page, in other letters or in another order.
    words = [value.lower() for pairs in asked for name, value in pairs if name == "q" and len(pairs) == 1]
    assert len(words) == len({" ".join(sorted(word.split())) for word in words}) > 500
    assert asked.count([]) == 1


def test_an_address_of_the_mix_is_a_valid_one(filled: Path) -> None:
    with House(generate.settings_for(filled)).work() as directory:
        queries = [directory.query(pairs) for _, pairs in islice(mix.searches(), 500)]
        assert {query.page for query in queries} == {1, 2, 3}
        assert {facet for query in queries for facet, _ in query.selected} == set(FACETS) - {"language"}
        assert parse([("q", "Perso")], directory.catalogue) == Query(q="Perso")
    assert mix.address("/", []) == "/"
    assert mix.address("/", [("q", "Müll")]) == "/?q=M%C3%BCll"


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.99, 99), (1, 100), (0, 1)])
def test_a_percentile_is_the_smallest_value_that_covers_its_share(share: float, expected: int) -> None:
    assert load.percentile(list(range(100, 0, -1)), share) == expected


def test_a_percentile_of_few_values_is_one_of_them() -> None:
    assert load.percentile([3.0], 0.99) == 3.0
    assert load.percentile([1.0, 2.0], 0.5) == 1.0
    assert load.percentile([], 0.5) == 0.0


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_rates() -> None:
    # In the second round the machine was slow for both: the ratio does not notice.
    assert load.ratio([50, 5, 50], [100, 10, 100]) == 0.5
    assert load.ratio([50, 50, 90], [100, 100, 100]) == 0.5
    assert load.ratio([1], [0]) == 0.0


def test_what_is_unknown_is_not_divided() -> None:
    assert load.quotient(1.0, 4.0) == 0.25
    assert load.quotient(None, 4.0) is None
    assert load.quotient(1.0, None) is None
    assert load.quotient(1.0, 0.0) is None


def test_figures_are_made_of_all_rounds() -> None:
    server = servers.Server(port=1, pid=0, start=0.0)
    yardstick = load.Target("hello world", server, iter(()))
    target = load.Target("/", server, iter(()))
    for latencies, errors in (([1.0, 2.0], {}), ([3.0, 4.0, 5.0, 6.0], {"status 500: /": 2})):
        target.rounds.append(drive.Round(2.0, latencies, 600, Counter(errors)))
        target.cpu.append(0.003)
        yardstick.rounds.append(drive.Round(1.0, [1.0] * 10))
        yardstick.cpu.append(0.001)
    found = load.figures(target, yardstick)
    assert found["requests"] == 6
    assert found["per_second_rounds"] == [1.0, 2.0] and found["per_second"] == 1.5
    assert found["ratio"] == 0.15
    assert (found["p50_ms"], found["p95_ms"], found["p99_ms"]) == (3.0, 6.0, 6.0)
    assert found["p95_ratio"] == 6.0
    assert found["cpu_ms"] == 1.0
    assert found["cpu_ratio"] == 0.1
    assert found["bytes"] == 200
    assert found["errors"] == {"status 500: /": 2}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("bench") / "data"
    generate.fill(data, 50)
    return data


def test_a_filled_directory_holds_what_was_generated_and_agrees_with_its_index(filled: Path) -> None:
    house = House(generate.settings_for(filled))
    with house.work() as directory:
        assert directory.index_differences() == []
        held = {entry.service.slug: entry for entry in directory.all_published()}
        assert len(directory.read_catalogue().offices) > 40
    house.close()
    generated, moments = list(entries.services(50)), entries.moments(50)
    assert len(held) == 50
    for service, moment in zip(generated, moments, strict=True):
        assert to_document(held[service.slug].service) == to_document(service)
        assert held[service.slug].updated == moment


def test_a_directory_is_never_filled_twice(filled: Path) -> None:
    with pytest.raises(FileExistsError):
        generate.fill(filled, 1)


def test_searching_and_saving_are_measured(filled: Path) -> None:
    found = search.measure(filled, queries=60, saves=2)
    assert found["entries"] == 50
    assert found["find"]["asked again"]["count"] == 60
    assert found["save"]["save until found"]["count"] == 2
    assert 0 < found["save"]["of that the index"]["median_ms"] < found["save"]["save until found"]["median_ms"]
    assert found["save"]["a search while others save"]["count"] > 0
    assert found["reindex_s"] > 0
    assert "| save until found | 2 |" in search.table(found)
    # The saves went to a copy.
    house = House(generate.settings_for(filled))
    with house.work() as directory:
        assert all(entry.revision == 1 for entry in directory.all_published())
    house.close()


def test_a_short_run_under_load_measures_every_target(filled: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, str(BENCH / "load.py"), "--data", str(filled), "--json", str(report)]
    command += ["--rounds", "2", "--seconds", "0.3", "--warm-up", "0.3", "--connections", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(report.read_text())
    paths = ("/", "/api/v1/services")
    assert set(found["targets"]) == {"hello world", *paths, *(f"{path} repeated" for path in paths)}
    for of in found["targets"].values():
        assert of["requests"] > 0 and of["errors"] == {}
        assert 0 < of["p50_ms"] <= of["p95_ms"] <= of["p99_ms"]
    assert found["targets"]["hello world"]["ratio"] == 1
    assert found["servers"]["servicedir"]["start_s"] > 0
    assert len(load.table(found).splitlines()) == 10
    assert "| /api/v1/services |" in done.stdout


def test_answers_that_are_no_good_are_counted_as_errors(filled: Path) -> None:
    with servers.hello(threads=1) as server:
        found = drive.drive(servers.HOST, server.port, iter(["/", "/no", "/"]), connections=1, seconds=5, most=3)
        assert len(found.latencies) == 2
        assert found.errors == {"status 404: /no": 1}
    found = drive.drive(servers.HOST, server.port, iter(["/"]), connections=1, seconds=5, most=1)
    assert found.errors == {"ConnectionRefusedError: /": 1}


@pytest.mark.parametrize(("body", "good"), [(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 1), (b"0\r\n\r\n", 0)])
def test_answers_in_chunks_are_read_to_their_end_and_may_not_be_empty(body: bytes, good: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    def answer(listening: socket.socket) -> None:
        connection, _address = listening.accept()
        with connection:
            connection.recv(1000)
            for piece in (head, body[:4], body[4:]):
                connection.sendall(piece)
                time.sleep(0.01)

    with socket.create_server((servers.HOST, 0)) as listening, ThreadPoolExecutor(1) as pool:
        pool.submit(answer, listening)
        port = listening.getsockname()[1]
        found = drive.drive(servers.HOST, port, iter(["/"]), connections=1, seconds=5, most=1)
    assert len(found.latencies) == good
    assert found.errors == ({} if good else {"empty body: /": 1})
    assert found.received == (len(head + body) if good else 0)


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(servers.NotStarted, match="servicedir"), servers.servicedir(tmp_path, threads=1):
        pass


def test_a_short_run_measures_every_file_of_open_data(filled: Path) -> None:
    command = [sys.executable, str(BENCH / "open_data.py"), "--data", str(filled)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [line[0] for line in lines] == list(OPEN_FORMATS)
    assert all(line[1] == "50" and line[-1] == "yes" for line in lines)
