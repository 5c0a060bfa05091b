"""A zip is judged by its list before anything is unpacked: no name leads out, no bomb goes off, nobody's work is lost.

Of each case there is one plain sentence, and it repeats no word that a stranger wrote into the zip.
"""

from __future__ import annotations

import io
import logging
import os
import stat
import tarfile
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside_grading.config import HANDED_IN
from alongside_grading.handed_in import collect
from alongside_grading.handed_in.archives import LEARNER, PLATFORM, Limits, judge, other_archive, shown, stem_of
from alongside_grading.handed_in.collect import CollectHandIns, ExtractHandIns

ADA, BOB = "listening--ada--20261121T101500Z", "listening--bob--20261121T101500Z"


def member(name, size=10, packed=10, mode=0, flags=0):
    """One line of a zip's list, with the name as the zip has it."""
    info = zipfile.ZipInfo("x")
    info.filename, info.file_size, info.compress_size = name, size, packed
    info.external_attr, info.flag_bits = mode << 16, flags
    return info


def packed(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


HAND_IN = packed(("listening.ipynb", b"{}"), ("responses.json", b"[]"))


LEADING_OUT = {
    "a parent": "../responses.json",
    "a parent far down": "a/b/../../../responses.json",
    "a parent with backslashes": "..\\responses.json",
    "a parent with spaces": "a/.. /responses.json",
    "a parent in wide characters": "\uff0e\uff0e/responses.json",
    "a parent with a wide slash": "..\uff0fresponses.json",
    "a parent with an unseen character": ".\u200b./responses.json",
    "two dots in one character": "\u2025/responses.json",
    "from the top": "/etc/responses.json",
    "from the top with a backslash": "\\responses.json",
    "a share": "\\\\host\\share\\responses.json",
    "a drive": "C:\\responses.json",
    "a drive without a slash": "c:responses.json",
    "a drive in wide characters": "\uff23\uff1a/responses.json",
    "a folder above": "../../",
}


@pytest.mark.parametrize("name", LEADING_OUT.values(), ids=LEADING_OUT)
def test_a_name_that_leads_out_is_refused(name):
    judged = judge([member(name), member("listening.ipynb")], LEARNER)
    assert [each for _, each in judged.files] == ["listening.ipynb"]
    assert judged.refused == ("a file in it has a name that leads out of its folder",)


KINDS = {
    "a link": stat.S_IFLNK,
    "a device": stat.S_IFCHR,
    "a disk": stat.S_IFBLK,
    "a pipe": stat.S_IFIFO,
    "a socket": stat.S_IFSOCK,
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_links_and_devices_are_refused(kind):
    judged = judge([member("responses.json", mode=kind | 0o777)], LEARNER)
    assert judged.files == ()
    assert judged.refused == ("it holds a link or a device, not a file",)


@pytest.mark.parametrize(
    "name",
    ["Responses.JSON", "RESPONSES.json", "\uff52esponses.json", "respon\u200bses.json", "\u202eresponses.json"],
)
def test_a_name_that_only_looks_like_one_that_counts_is_refused_and_said(name):
    judged = judge([member("responses.json"), member(name)], LEARNER)
    assert [each.filename for each, _ in judged.files] == ["responses.json"]
    assert judged.refused == ("a file in it has nearly the name of one that counts, in capitals or unusual characters",)


def test_of_one_name_twice_the_first_is_taken_and_it_is_said():
    first, second = member("a/responses.json"), member("b/responses.json")
    judged = judge([first, second], LEARNER)
    assert judged.files == ((first, "responses.json"),)
    assert judged.refused == ("it holds responses.json more than once, and the first was taken",)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([member("x")] * (LEARNER.files + 1), "more than 200 files"),
        ([member("responses.json", 40_000_000, 30_000_000)] * 3, "more than 100 megabytes"),
        ([member("responses.json", 10_000_000, 10_000)], "more than 150 times its size"),
        ([member("responses.json", 2**60, 2**58)], "more than 100 megabytes"),
        ([member("responses.json", 10_000_000, 0)], "more than 150 times its size"),
        ([member("a.png", 10_000_000, 1000), member("responses.json")], "more than 150 times its size"),
    ],
)
def test_a_bomb_is_refused_whole_by_its_list(members, why):
    judged = judge(members, LEARNER)
    assert judged.files == judged.zips == ()
    (sentence,) = judged.refused
    assert why in sentence
    assert sentence.endswith("so nothing was taken from it")


def test_one_file_far_too_large_is_refused_and_the_rest_is_taken():
    judged = judge([member("responses.json", 60_000_000, 50_000_000), member("listening.ipynb")], LEARNER)
    assert [name for _, name in judged.files] == ["listening.ipynb"]
    assert judged.refused == ("a file in it is far too large (more than 50 megabytes)",)


def test_a_locked_file_is_refused():
    assert judge([member("responses.json", flags=1)], LEARNER).refused == ("a file in it is locked with a password",)


def test_what_packs_well_and_is_small_is_no_bomb():
    assert judge([member("responses.json", 900_000, 900)], LEARNER).refused == ()


def test_a_learners_zip_opens_no_other_archive_and_says_so():
    judged = judge([member("more.zip"), member("more.tar.gz"), member("responses.json")], LEARNER)
    assert [name for _, name in judged.files] == ["responses.json"]
    assert judged.zips == ()
    assert judged.refused == ("it holds an archive that was not opened",)


@given(st.lists(st.text(max_size=12), max_size=6))
def test_whatever_the_names_are_what_is_taken_stays_in_its_folder(names):
    judged = judge([member(f"{name}/responses.json") for name in names], PLATFORM, lambda name: "a" in name)
    for _, name in judged.files:
        assert name.endswith("responses.json")
        assert ".." not in name.split("/")
        assert name.count("/") <= 1
        assert name.isprintable()


@pytest.mark.parametrize(
    "name", [".zip", "...zip", "..zip", ". .zip", ".hidden.zip", "a\nb.zip", "a\u202eb.zip", "a\\b.zip"]
)
def test_a_zip_whose_name_is_not_fit_for_a_folder_gets_none(name):
    assert stem_of(name) == ""


def test_names_are_told_on_one_line_and_without_marks_of_direction():
    assert shown("a\nb\u202ec\udcff") == "a?b?c?"
    assert len(shown("a" * 500)) == 80


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.TGZ", "a.7z", "a.rar", "a.tar.zst"])
def test_other_archives_are_known_by_their_name(name):
    assert other_archive(name)
    assert not other_archive("a.zip")


@pytest.fixture
def unpack(tmp_path, caplog):
    """Lay files in the archive, unpack them, and tell what comes out anywhere and what is said."""

    def run(files):
        archive, out = tmp_path / "room" / "archive", tmp_path / "room" / "out"
        for name, data in files.items():
            path = archive / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        out.mkdir(parents=True)
        before = {path for path in tmp_path.rglob("*") if out not in path.parents}
        step = ExtractHandIns()
        step.log = logging.getLogger("archives-test")
        step.extract(str(archive), str(out))
        assert {path for path in tmp_path.rglob("*") if out not in path.parents} == before, "something left the folder"
        said = [record.getMessage() for record in caplog.records if record.name == "archives-test"]
        return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()), said

    return run


def whole(name):
    return [f"{name}/listening.ipynb", f"{name}/responses.json"]


@pytest.mark.parametrize("name", LEADING_OUT.values(), ids=LEADING_OUT)
def test_nothing_leaves_the_folder_and_one_line_says_so(unpack, name):
    info = zipfile.ZipInfo("x")
    info.filename = name
    found, said = unpack({f"{ADA}.zip": packed((info, b"{}"), ("listening.ipynb", b"{}"))})
    assert found == [f"{ADA}/listening.ipynb"]
    assert said == [f"{ADA}.zip: a file in it has a name that leads out of its folder."]


def test_a_link_in_a_zip_becomes_no_link(unpack):
    info = zipfile.ZipInfo("responses.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    found, said = unpack({f"{ADA}.zip": packed((info, b"/etc/passwd"), ("listening.ipynb", b"{}"))})
    assert found == [f"{ADA}/listening.ipynb"]
    assert said == [f"{ADA}.zip: it holds a link or a device, not a file."]


def test_links_and_devices_in_the_folder_are_named_and_left(unpack, tmp_path):
    folder = tmp_path / "room" / "archive" / ADA
    folder.mkdir(parents=True)
    (tmp_path / "secret.ipynb").write_text("{}", encoding="utf-8")
    (folder / "listening.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (folder.parent / "more").symlink_to(tmp_path)
    os.mkfifo(folder / "responses.json")
    found, said = unpack({f"{BOB}.zip": HAND_IN})
    assert found == whole(BOB)
    why = "was left out: it is a link or a device, not a file."
    assert said == [f"listening.ipynb {why}", f"responses.json {why}", f"more {why}"]


def test_a_bomb_takes_no_room(unpack):
    found, said = unpack({f"{ADA}.zip": packed(("responses.json", bytes(20_000_000))), f"{BOB}.zip": HAND_IN})
    assert found == whole(BOB)
    assert said == [f"{ADA}.zip: it would unpack to more than 150 times its size, so nothing was taken from it."]


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_said(unpack):
    data = bytearray(packed(("responses.json", b"0" * 100_000)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    found, said = unpack({f"{ADA}.zip": bytes(data)})
    assert found == []
    assert said == [
        f"{ADA}.zip could not be unpacked, or not whole: it is torn, or no zip at all. Ask for the file again."
    ]


def test_zips_that_are_small_each_are_a_bomb_together(unpack, monkeypatch):
    monkeypatch.setattr(collect, "PLATFORM", replace(PLATFORM, total=100_000))
    inner = packed(("responses.json", b"0" * 40_000), ("listening.ipynb", b"{}"))
    names = [f"listening--{who}--20261121T101500Z" for who in ("a", "b", "c", "d")]
    found, said = unpack({"all.zip": packed(*((f"{name}.zip", inner) for name in names)), f"{BOB}.zip": HAND_IN})
    assert found == sorted([*(row for name in names[:2] for row in whole(f"all/{name}")), *whole(BOB)])
    assert [line.split(" was left out: ")[0] for line in said] == [f"{name}.zip" for name in names[2:]]


def test_a_zip_of_unpacked_hand_ins_keeps_them_apart(unpack):
    files = [(f"{name}/{file}", b"{}") for name in (ADA, BOB) for file in ("listening.ipynb", "responses.json")]
    found, said = unpack({"all.zip": packed(*files)})
    assert found == [*whole(f"all/{ADA}"), *whole(f"all/{BOB}")]
    assert said == []


def test_a_class_larger_than_any_other_limit_is_unpacked_whole(unpack):
    names = [f"listening--learner-{number}--20261121T101500Z" for number in range(1100)]
    folders = [(f"{name}/{file}", b"{}") for name in names for file in ("listening.ipynb", "responses.json")]
    found, said = unpack({"all.zip": packed(*folders, method=zipfile.ZIP_STORED)})
    assert len(found) == 2200
    assert said == []


def test_two_hand_ins_of_one_name_are_never_merged(unpack):
    first = packed(("responses.json", b"[1]"))
    second = packed(("listening.ipynb", b"{}"))
    found, said = unpack({"all.zip": packed((f"one/{ADA}.zip", first), (f"two/{ADA}.zip", second))})
    assert found == [f"all/{ADA}/responses.json"]
    assert said == [
        f"{ADA}.zip was left out: another hand-in has the same name, but perhaps for capitals. Rename one of them."
    ]


def test_names_that_differ_only_in_capitals_are_never_merged(unpack):
    upper = ADA.replace("ada", "ADA")
    found, said = unpack({f"{upper}.zip": packed(("responses.json", b"[]")), f"{ADA}/listening.ipynb": b"{}"})
    assert found == [f"{upper}/responses.json"]
    assert said == [
        "listening.ipynb was left out: another hand-in has the same name, but perhaps for capitals. Rename one of them."
    ]


def test_two_people_under_one_name_are_told_to_the_instructor(unpack):
    """As Moodle hands them out: its own name for each person stands before the file's."""
    one, two = f"Ada Byron_1_file_{ADA}.zip", f"Ada King_2_file_{ADA.replace('T10', 'T11')}.zip"
    found, said = unpack({one: HAND_IN, two: HAND_IN})
    assert found == [*whole(one.removesuffix(".zip")), *whole(two.removesuffix(".zip"))]
    (sentence,) = said
    assert sentence.startswith("Hand-ins by ada came in more than one way. If they are from two people, rename one")
    assert sentence.endswith("As it is, the later one counts, whole.")


def test_one_name_spelled_in_two_cases_is_told_to_the_instructor(unpack):
    _, said = unpack({f"{ADA}.zip": HAND_IN, f"{ADA.replace('ada', 'Ada').replace('T10', 'T11')}.zip": HAND_IN})
    assert len(said) == 1
    assert said[0].startswith("Hand-ins by ada came in more than one way.")


def test_one_person_who_hands_in_twice_is_no_surprise(unpack):
    assert unpack({f"{ADA}.zip": HAND_IN, f"{ADA.replace('T10', 'T11')}.zip": HAND_IN})[1] == []


@pytest.mark.parametrize("name", ["...zip", ". .zip", "a\u202e.zip"])
def test_a_zip_with_a_name_of_another_place_is_left_inside_and_outside(unpack, name):
    found, said = unpack({name: HAND_IN, "all.zip": packed((name, HAND_IN))})
    assert found == []
    assert said == [f"{shown(name)} was left out: its name is not fit for a folder's. Rename it."] * 2


def test_other_archives_are_refused_in_words(unpack):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../responses.json"))
    found, said = unpack({f"{ADA}.tar.gz": out.getvalue(), f"{BOB}.zip": out.getvalue()})
    assert found == []
    assert said == [
        f"{ADA}.tar.gz was left out: it is an archive of a kind that is not opened here. Ask for the zip.",
        f"{BOB}.zip could not be unpacked, or not whole: it is torn, or no zip at all. Ask for the file again.",
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_torn_inside_leaves_the_others(unpack, method):
    data = packed(("listening.ipynb", os.urandom(2000)), ("responses.json", b"[]"), method=method)
    torn = bytearray(data)
    torn[900:960] = bytes(60)
    found, said = unpack({f"{ADA}.zip": bytes(torn)})
    assert found == [f"{ADA}/responses.json"]
    assert said[0].startswith(f"{ADA}.zip could not be unpacked, or not whole")


def test_no_word_from_inside_a_zip_is_repeated(unpack):
    names = ("secret-words/../x", "SECRET-WORDS.json\n", "secret-words.zip", "secret-words\udcff.tar")
    members = [member(name) for name in names]
    assert "secret" not in " ".join(judge(members, LEARNER).refused).casefold()
    _, said = unpack({f"{ADA}.zip": HAND_IN.replace(b"responses.json", b"secret-word.js", 1)})
    assert said
    assert "secret" not in " ".join(said)


def test_a_limit_is_what_it_says():
    limits = Limits(files=2, one=5, total=8, ratio=2)
    assert judge([member("responses.json", 5, 5), member("a", 3, 3)], limits).refused == ()
    assert judge([member("responses.json", 5, 5), member("a", 4, 4)], limits).refused != ()


class App:
    """What nbgrader's command offers to its parts."""

    extracted_directory = "extracted"

    class coursedir:  # noqa: N801
        assignment_id = "listening"

    def __init__(self, root):
        self.root = root

    def _format_collect_path(self, step):
        return str(self.root / step)


@pytest.fixture
def collector(tmp_path):
    step = CollectHandIns(named_regexp=HANDED_IN, valid_ext=[".ipynb", ".json"])
    step.log = logging.getLogger("archives-test")
    object.__setattr__(step, "_trait_values", {**step._trait_values, "parent": App(tmp_path)})
    return step


@pytest.mark.parametrize("moment", ["20261399T101500Z", "99999999T999999Z", "00000000T000000Z", "00010101T000000Z"])
def test_a_moment_that_no_calendar_has_stops_nothing_and_hides_nothing(collector, tmp_path, caplog, moment):
    """nbgrader would end the whole collecting at such a name."""
    paths = []
    for name in (f"listening--ada--{moment}", ADA):
        path = tmp_path / "extracted" / name / "responses.json"
        path.parent.mkdir(parents=True)
        path.write_text("{}", encoding="utf-8")
        paths.append(str(path))
    bad, good = (collector.collect(path) for path in paths)
    assert bad is None
    assert good["student_id"] == "ada"
    assert f"listening--ada--{moment} was left out: the learner or the moment" in caplog.text


@pytest.mark.parametrize("moment", ["19700101T000312Z", "19051121T101500Z", "20991231T235959Z"])
def test_a_clock_that_is_wrong_costs_nobody_their_work(collector, tmp_path, moment):
    path = tmp_path / "extracted" / f"listening--ada--{moment}" / "responses.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    assert collector.collect(str(path))["timestamp"] == moment


def test_a_name_with_marks_of_direction_is_left_out(collector, tmp_path, caplog):
    path = tmp_path / "extracted" / "listening--a\u202eda--20261121T101500Z" / "responses.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    assert collector.collect(str(path)) is None
    assert "listening--a?da--20261121T101500Z was left out" in caplog.text
