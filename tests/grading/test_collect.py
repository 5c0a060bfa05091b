"""Files as a learning platform hands them out become one folder for each hand-in, and none of them stops the others."""

from __future__ import annotations

import io
import logging
import zipfile
from dataclasses import replace

import pytest

from alongside_grading.config import HANDED_IN
from alongside_grading.handed_in import collect
from alongside_grading.handed_in.archives import LEARNER
from alongside_grading.handed_in.collect import CollectHandIns, ExtractHandIns

ADA, BOB = "listening--ada--20261121T101500Z", "listening--bob--20261121T101500Z"


def packed(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


HAND_IN = packed(**{"listening.ipynb": b"{}", "responses.json": b"[]"})


@pytest.fixture
def unpack(tmp_path, caplog):
    """Lay files in the archive, unpack them, and name what comes out."""

    def run(files):
        for name, data in files.items():
            path = tmp_path / "archive" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (tmp_path / "out").mkdir()
        step = ExtractHandIns()
        step.log = logging.getLogger("collect-test")
        step.extract(str(tmp_path / "archive"), str(tmp_path / "out"))
        out = tmp_path / "out"
        return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()), caplog.text

    return run


def whole(name):
    return [f"{name}/listening.ipynb", f"{name}/responses.json"]


def test_a_zip_becomes_a_folder_of_its_name(unpack):
    assert unpack({f"{ADA}.zip": HAND_IN})[0] == whole(ADA)


def test_a_zip_of_zips_and_folders_are_unpacked_too(unpack):
    found, _ = unpack({"all.zip": packed(**{f"Ada_1_file_/{ADA}.zip": HAND_IN}), f"sub/{BOB}.zip": HAND_IN})
    assert found == sorted([*whole(f"all/{ADA}"), *whole(f"sub/{BOB}")])


def test_a_platform_that_unpacks_by_itself_is_fine(unpack):
    assert unpack({f"{ADA}/responses.json": b"[]", f"{ADA}/listening.ipynb": b"{}"})[0] == whole(ADA)


def test_a_zip_made_again_by_hand_is_fine(unpack):
    inside = {
        f"{ADA}/listening.ipynb": b"{}",
        f"{ADA}/responses.json": b"[]",
        f"__MACOSX/{ADA}/._listening.ipynb": b"x",
    }
    again = packed(**inside)
    assert unpack({f"{ADA}.zip": again})[0] == whole(ADA)


def test_a_learners_zip_brings_in_nobody_elses(unpack):
    inner = packed(**{f"{BOB}.zip": HAND_IN, "responses.json": b"[]", "listening.ipynb": b"{}"})
    assert unpack({f"{ADA}.zip": inner})[0] == whole(ADA)


def test_only_the_two_files_come_out_and_only_into_their_folder(unpack):
    names = ("a/b/responses.json", "listening.ipynb", "alongside.py", "../../evil.ipynb", "/abs.ipynb")
    found, said = unpack({f"{ADA}.zip": packed(**dict.fromkeys(names, b"{}"))})
    assert found == whole(ADA)
    assert "leads out of its folder" in said


@pytest.mark.parametrize("data", [b"", b"PK", HAND_IN[:-30], HAND_IN.replace(b"PK\x03\x04", b"PK\x03\x05"), b"hello"])
def test_a_torn_zip_is_named_and_the_others_go_on(unpack, data):
    found, said = unpack({f"{ADA}.zip": data, f"{BOB}.zip": HAND_IN})
    assert set(whole(BOB)) <= set(found)
    assert f"{ADA}.zip could not be unpacked" in said


def test_a_file_far_too_large_is_left_out(unpack, monkeypatch):
    monkeypatch.setattr(collect, "LEARNER", replace(LEARNER, one=1000))
    bomb = packed(**{"listening.ipynb": b"{}", "responses.json": b"0" * 2000})
    found, said = unpack({f"{ADA}.zip": bomb})
    assert found == [f"{ADA}/listening.ipynb"]
    assert "far too large" in said


def test_links_are_not_followed(unpack, tmp_path):
    (tmp_path / "secret.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "listening.ipynb").symlink_to(tmp_path / "secret.ipynb")
    assert unpack({"notes.txt": b"x"})[0] == []


def collector(tmp_path, unit="listening"):
    class App:
        """What nbgrader's command offers to its parts."""

        extracted_directory = "extracted"

        class coursedir:  # noqa: N801
            assignment_id = unit

        def _format_collect_path(self, step):
            return str(tmp_path / step)

    step = CollectHandIns(named_regexp=HANDED_IN, valid_ext=[".ipynb", ".json"])
    step.log = logging.getLogger("collect-test")
    step.parent = None
    object.__setattr__(step, "_trait_values", {**step._trait_values, "parent": App()})
    return step


def lay(tmp_path, *names):
    paths = []
    for name in names:
        for file in ("listening.ipynb", "responses.json"):
            path = tmp_path / "extracted" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}", encoding="utf-8")
            paths.append(str(path))
    return sorted(paths)


def test_of_two_hand_ins_the_later_counts_whole_whatever_comes_first(tmp_path):
    early, late = "z_listening--ada--20261121T101500Z", "a_listening--ada--20261122T101500Z"
    step = collector(tmp_path)
    taken = [path for path in lay(tmp_path, early, late) if step.collect(path)]
    assert len(taken) == 2
    assert all(late in path for path in taken)


def test_the_same_file_twice_is_one_hand_in(tmp_path):
    step = collector(tmp_path)
    taken = [path for path in lay(tmp_path, ADA, f"{ADA} (1)") if step.collect(path)]
    assert len(taken) == 2
    assert len({path.rsplit("/", 1)[0] for path in taken}) == 1


def test_one_learner_is_one_name_however_it_is_spelled(tmp_path):
    composed, apart = "zo\u00eb", "ZOE\u0308"
    step = collector(tmp_path)
    paths = lay(tmp_path, f"listening--{apart}--20261121T101500Z")
    assert {step.collect(path)["student_id"] for path in paths} == {composed}


def test_a_hand_in_for_another_quiz_is_left_out(tmp_path, caplog):
    step = collector(tmp_path, unit="empathy")
    assert [step.collect(path) for path in lay(tmp_path, ADA)] == [None, None]
    assert "belongs to another quiz" in caplog.text
