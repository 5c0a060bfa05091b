"""Whatever happens to the machine, the record opens and holds what it said was kept; and what is deleted is gone."""

import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from alongside.record import REFLECTIONS, DamagedFile, NewerFile, Record, Space, migrations
from alongside.record.record import FILE
from alongside.record.store import Store
from alongside.store import write_json

ROOT = Path(__file__).parents[2]
PLANTED = "nobody must ever read this sentence"
SCHEMAS = ["9ffc323e"]


def space(folder):
    return Space(folder)


def run(code: str, *given: object) -> subprocess.CompletedProcess[str]:
    """Run some Python of a test in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, given)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_killed_at_200_moments_it_holds_all_that_it_said_was_kept(tmp_path):
    """A writer is killed while it writes. Each time the file is whole, and nothing that was kept is missing."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.course.crashing", str(tmp_path), "200", "6"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert int(done.stdout) > 100


FULL = """
import resource, signal, sys
from pathlib import Path
from alongside.record import Record, Space
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
record = Record(Space(Path(sys.argv[1])))
kept = 0
try:
    for kept in range(1, 1000):
        record.put("runs", f"talk-{kept}", "x" * 5000)
except OSError as error:
    print(kept - 1)
    assert record.get("runs", "talk-1") == "x" * 5000
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits here")
def test_a_full_disk_takes_nothing_of_what_was_kept(tmp_path):
    """Keeping is refused with an OSError when no more can be written, and goes on when there is room again."""
    done = run(FULL, tmp_path)
    assert done.stderr == ""
    kept = int(done.stdout)
    assert kept > 10
    record = Record(space(tmp_path))
    assert record.names("runs") == {f"talk-{number}" for number in range(1, kept + 1)}
    record.put("runs", "more", 1)
    assert record.get("runs", "more") == 1


def test_a_file_that_may_not_grow_rolls_back(tmp_path):
    """SQLite's own "the disk is full" is an OSError that says so, and the older words stand."""
    record = Record(space(tmp_path))
    record.put(REFLECTIONS, "a", "first")
    connection = record._store._open()
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(OSError, match="No space left"):
        record.put(REFLECTIONS, "a", "x" * 100_000)
    assert record.get(REFLECTIONS, "a") == "first"
    record.put(REFLECTIONS, "a", "second")
    assert Record(space(tmp_path)).get(REFLECTIONS, "a") == "second"


READ_ONLY = """
import os, sys
from pathlib import Path
from alongside.record import Record, Space
if os.getuid() == 0:
    os.setuid(65534)  # nothing is read-only to root
record = Record(Space(Path(sys.argv[1])))
assert record.trouble()
assert record.get("reflections", "a") == "kept", record.get("reflections", "a")
assert record.names("reflections") == {"a"}
try:
    record.put("reflections", "a", "changed")
except OSError:
    print("refused")
assert record.get("reflections", "a") == "kept"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions mean something else here")
@pytest.mark.parametrize("left", ["closed", "after a crash"])
def test_on_a_disk_that_is_read_only_everything_can_be_read(left):
    """What was kept is shown, keeping is refused, and trouble is told before anything is typed."""
    from tempfile import mkdtemp

    folder = Path(mkdtemp())  # pytest's own folders are closed to the account that the test runs as
    try:
        made = folder / "made"
        record = Record(space(made))
        record.put(REFLECTIONS, "a", "kept")
        if left == "closed":
            record.close()
        there = folder / "there"
        shutil.copytree(made, there)
        for path in there.iterdir():
            path.chmod(0o444)
        there.chmod(0o555)
        folder.chmod(0o755)
        done = run(READ_ONLY, there)
        assert (done.stderr, done.stdout) == ("", "refused\n")
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


def keep_many(folder: Path, writer: int) -> None:
    record = Record(space(folder))
    for number in range(40):
        record.put("runs", f"{writer}-{number}", number)


def test_pages_that_save_at_once_lose_nothing(tmp_path):
    """Several processes make the file and write to it in the same moment; every single thing is there."""
    with ProcessPoolExecutor(6, mp_context=get_context("spawn")) as pool:
        list(pool.map(keep_many, [tmp_path] * 6, range(6)))
    assert len(Record(space(tmp_path)).names("runs")) == 240


def lay_version_0(folder: Path) -> dict[tuple[str, str], object]:
    things = {
        ("runs", "first--talk"): {"format": 1, "choices": ["a"]},
        ("practice", "first--one"): {"format": 1, "best": 2},
        ("finished", "first--talk"): True,
        ("feedback", "roleplay"): False,
        ("reflections", "first--a-time"): {"text": PLANTED, "other": True},
        ("graded", "first"): {"format": 1, "unit": "first", "answers": {"one": PLANTED}},
    }
    for (kind, name), value in things.items():
        path = f"{kind}/{name}/responses.json" if kind == "graded" else f"{kind}/{name}.json"
        write_json(folder / path, value)
    return things


def test_version_0_is_taken_over_once_without_loss(tmp_path):
    """A folder of small files becomes one file. A file that was torn already stays where it is."""
    things = lay_version_0(tmp_path)
    (tmp_path / "runs" / "first--torn.json").write_text("{", encoding="utf-8")
    (tmp_path / "runs" / "mine.json").write_text("[]", encoding="utf-8")
    (tmp_path / "graded" / "Mine").mkdir()
    (tmp_path / "graded" / "Mine" / "responses.json").write_text("{}", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("not ours", encoding="utf-8")
    record = Record(space(tmp_path))
    assert {(each.kind, each.name): each.value for each in record.everything()[0]} == things
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    theirs = {"runs/first--torn.json", "runs/mine.json", "graded/Mine/responses.json", "mine.txt"}
    assert left == {*theirs, FILE, f"{FILE}-wal", f"{FILE}-shm"}
    record.put("runs", "first--talk", "newer")
    assert Record(space(tmp_path)).get("runs", "first--talk") == "newer"


def test_version_0_is_left_as_it_was_when_it_cannot_be_taken_over(tmp_path, monkeypatch):
    """Whatever goes wrong before the disk has all of it, not one of the old files is gone."""
    things = lay_version_0(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}

    def refuse(*_: object) -> None:
        raise sqlite3.OperationalError

    with monkeypatch.context() as broken:
        broken.setattr("alongside.record.shelf.Shelf.lay_aside", refuse)
        broken.setattr("alongside.record.shelf.Shelf.keep", refuse)
        assert Record(space(tmp_path)).get("runs", "first--talk") is None
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before
    assert len(Record(space(tmp_path)).everything()[0]) == len(things)


def test_what_an_older_version_wrote_afterwards_is_kept_beside(tmp_path):
    """Two versions ran side by side for a while: neither text is lost."""
    record = Record(space(tmp_path))
    record.put(REFLECTIONS, "first--a-time", "here")
    record.close()
    write_json(tmp_path / "reflections" / "first--a-time.json", "there")
    again = Record(space(tmp_path))
    assert again.get(REFLECTIONS, "first--a-time") == "here"
    assert [each.value for each in again.aside(REFLECTIONS, "first--a-time")] == ["there"]
    assert not list(tmp_path.rglob("*.json"))


def at_version(folder: Path, version: int) -> None:
    """Lay a file as it was at an earlier version, with one thing in it where there was a place for one."""
    folder.mkdir(exist_ok=True)
    connection = sqlite3.connect(folder / FILE)
    for step in migrations.MIGRATIONS[:version]:
        step(connection)
    if version:
        connection.execute(f"PRAGMA application_id = {migrations.APPLICATION}")
        connection.execute(
            "INSERT INTO things (kind, name, value, changed, saved) VALUES ('runs', 'talk', ?, 3, 5)", (b'"old"',)
        )
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("version", range(len(migrations.MIGRATIONS) + 1))
def test_a_file_of_every_earlier_version_opens_with_all_that_is_in_it(tmp_path, version):
    """Also an empty file, which a crash can leave."""
    at_version(tmp_path, version)
    record = Record(space(tmp_path))
    assert record.get("runs", "talk") == ("old" if version else None)
    record.put("runs", "more", 1)
    assert record.get("runs", "more") == 1


def test_a_step_that_fails_leaves_the_file_as_it_was_and_a_later_one_works(tmp_path, monkeypatch):
    """A step is taken whole or not at all, and every version from here on is reached in order."""
    at_version(tmp_path, 1)

    def good(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE things ADD COLUMN mood TEXT")

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM things")
        connection.execute("nonsense")

    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, good, broken))
    assert Record(space(tmp_path)).get("runs", "talk") is None
    assert Record(space(tmp_path)).trouble()
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:-1])
    assert Record(space(tmp_path)).get("runs", "talk") == "old"
    connection = sqlite3.connect(tmp_path / FILE)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations.MIGRATIONS),)
    connection.close()


def test_released_versions_never_change(tmp_path):
    """What a step makes is fixed once people have files of it. A change of the tables is a new step."""
    import hashlib

    found = []
    for version in range(1, len(migrations.MIGRATIONS) + 1):
        at_version(tmp_path / str(version), version)
        connection = sqlite3.connect(tmp_path / str(version) / FILE)
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        connection.close()
        words = " ".join(" ".join(row[0].split()) for row in rows)
        found.append(hashlib.sha256(words.encode()).hexdigest()[:8])
    assert found == SCHEMAS


def test_a_newer_file_is_refused_and_not_touched(tmp_path, words):
    """Older code says what to do and leaves every byte as it is."""
    at_version(tmp_path, 1)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {len(migrations.MIGRATIONS) + 1}")
    connection.commit()
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    record = Record(space(tmp_path))
    assert record.get("runs", "talk") is None
    assert record.names("runs") == frozenset()
    assert record.trouble() == "newer_file"
    with pytest.raises(NewerFile) as refused:
        record.put("runs", "talk", 1)
    assert refused.value.sentence(words).startswith("Your work was last kept by a newer version")
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"x" * 5000, "foreign"])
def test_a_file_that_is_no_record_is_refused_and_not_touched(tmp_path, content):
    """It may be somebody's, or may be mended: it is never written over."""
    if content == "foreign":
        connection = sqlite3.connect(tmp_path / FILE)
        connection.execute("PRAGMA user_version = 1")
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
        connection.close()
    else:
        (tmp_path / FILE).write_bytes(content)
    before = (tmp_path / FILE).read_bytes()
    record = Record(space(tmp_path))
    assert record.get("runs", "talk") is None
    assert record.trouble() == "damaged_file"
    with pytest.raises(DamagedFile):
        record.put("runs", "talk", 1)
    assert (tmp_path / FILE).read_bytes() == before


def planted(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and PLANTED.encode() in path.read_bytes()]


def test_deleting_everything_leaves_no_word_on_the_disk(tmp_path):
    """Not in the file, its log, what an earlier version left, nor in the pages themselves, which a link still holds."""
    folder, links = tmp_path / "space", tmp_path / "links"
    lay_version_0(folder)
    (folder / "reflections" / "first--torn.json").write_text(f'{{"{PLANTED}', encoding="utf-8")
    (folder / "graded" / "torn").mkdir()
    (folder / "graded" / "torn" / "responses.json").write_text(f'{{"{PLANTED}', encoding="utf-8")
    links.mkdir()
    for number, path in enumerate(folder.rglob("*.json")):
        os.link(path, links / f"old-{number}")
    record, other = Record(space(folder)), Record(space(folder))
    for number in range(30):
        record.put(REFLECTIONS, f"first--{number}", {"text": f"{number} {PLANTED} " * 200})
        other.put(REFLECTIONS, "first--0", {"text": f"{number} {PLANTED}"})
    record.set_aside(REFLECTIONS, "first--0", {"text": f"before: {PLANTED}"})
    record._store._open().execute("PRAGMA wal_checkpoint")
    for name in (FILE, f"{FILE}-wal"):
        os.link(folder / name, links / name)
        assert PLANTED.encode() in (links / name).read_bytes()
    record.delete_everything()
    assert not folder.exists()
    assert planted(tmp_path) == []


def test_a_page_that_is_reading_does_not_keep_words_from_being_deleted(tmp_path, monkeypatch):
    """Its reading may fail. What it read from is gone all the same."""
    monkeypatch.setattr("alongside.record.store._PATIENCE", 0.1)
    folder = tmp_path / "space"
    record = Record(space(folder))
    record.put(REFLECTIONS, "a", {"text": PLANTED * 300})
    record._store._open().execute("PRAGMA wal_checkpoint")
    reader = sqlite3.connect(folder / FILE, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM things").fetchone() == (1,)
    for name in (FILE, f"{FILE}-wal"):
        os.link(folder / name, tmp_path / name)
    assert planted(tmp_path)
    record.delete_everything()
    assert not folder.exists()
    assert planted(tmp_path) == []
    reader.close()


def test_what_was_deleted_does_not_come_back_from_a_page_that_was_open(tmp_path):
    """The other page's next save goes to a new file, and a text that was based on a deleted one is not kept."""
    from alongside.record import Newer

    record, other = Record(space(tmp_path / "s")), Record(space(tmp_path / "s"))
    count = other.put(REFLECTIONS, "a", "one")
    record.put("runs", "talk", 1)
    record.delete_everything()
    with pytest.raises(Newer) as told:
        other.put(REFLECTIONS, "a", "two", based_on=count)
    assert (told.value.value, told.value.changed, told.value.key) == (None, 0, "deleted_text")
    assert other.aside(REFLECTIONS, "a") == ()
    other.put("runs", "later", 1)
    assert Record(space(tmp_path / "s")).names("runs") == {"later"}


def test_deleting_takes_nothing_of_anybody_else(tmp_path):
    """Other learners' folders, and files that are not ours, stay. A file that cannot be opened goes too."""
    (tmp_path / "visitors").mkdir()
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    (tmp_path / FILE).write_bytes(b"torn" + PLANTED.encode() * 100)
    Record(space(tmp_path)).delete_everything()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.txt", "visitors"]
    Record(space(tmp_path / "never")).delete_everything()


def test_a_file_deleted_while_it_is_written_is_told(tmp_path, monkeypatch):
    """ "Saved" is never said of a file that has no name any more."""
    store = Store(tmp_path / FILE)
    with store.writing() as connection:
        connection.execute("INSERT INTO about (name, value) VALUES ('a', 'b')")
    with pytest.raises(OSError, match="handle"), store.writing():
        (tmp_path / FILE).unlink()


def keep_one(folder: Path) -> int:
    record = Record(space(folder))
    for number in range(1, 11):
        record.put(REFLECTIONS, "a", f"{folder.name} {number}", based_on=number - 1)
    return number


def test_60_learners_who_save_at_once_lose_nothing(tmp_path):
    """On a website that they share, counted: 600 saves, and each learner's last words are their own."""
    folders = [tmp_path / f"learner-{number}" for number in range(60)]
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        assert sum(pool.map(keep_one, folders)) == 600
    for folder in folders:
        kept = Record(space(folder)).kept(REFLECTIONS, "a")
        assert (kept.value, kept.changed) == (f"{folder.name} 10", 10)
