"""Which files of a zip are taken, and why others are not. Judged by the zip's own list, before anything is unpacked.

Pure. A name inside a zip is a stranger's text: it decides, but is never repeated to anyone.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import ZipInfo

from alongside.responses import FILE

__all__ = ["LEARNER", "PLATFORM", "WANTED", "Judged", "Limits", "alike", "judge", "other_archive", "shown", "stem_of"]

WANTED = re.compile(r"^[a-z0-9][a-z0-9-]{0,99}\.ipynb$|^" + re.escape(FILE) + "$")
_OTHER_ARCHIVES = frozenset({".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".7z", ".rar", ".cab"})
_DRIVE = re.compile(r"^[A-Za-z]:")
_LONGEST_SHOWN = 80


@dataclass(frozen=True)
class Limits:
    """What one zip may hold: files in its list, bytes of one file and of all, and bytes out for each byte in."""

    files: int
    one: int
    total: int
    ratio: int
    small: int = 5_000_000
    """Bytes below which the ratio says nothing: a page of blanks packs well too."""


LEARNER = Limits(files=200, one=50_000_000, total=100_000_000, ratio=150)
"""One hand-in; a quiz here is a thousandth of that."""
PLATFORM = Limits(files=50_000, one=50_000_000, total=2_000_000_000, ratio=150)
"""A learning platform's zip of a whole class."""


@dataclass(frozen=True)
class Judged:
    """What to take from a zip, each with the name that it gets, and a sentence for everything that is refused."""

    files: tuple[tuple[ZipInfo, str], ...] = ()
    zips: tuple[tuple[ZipInfo, str], ...] = ()
    refused: tuple[str, ...] = ()


def judge(members: Sequence[ZipInfo], limits: Limits, keeps: Callable[[str], bool] | None = None) -> Judged:
    """Sort a zip's list. Never raises.

    `keeps` says of the name of a folder whether it is a hand-in of its own, and stands for a learning platform's zip,
    in which other zips are hand-ins. Without it the zip is one hand-in, and folders in it count for nothing.
    """
    bomb = _bomb(members, limits)
    if bomb:
        return Judged(refused=(bomb,))
    files: dict[str, ZipInfo] = {}
    zips: list[tuple[ZipInfo, str]] = []
    refused: list[str] = []
    for member in members:
        path = member.filename.replace("\\", "/")
        *folders, last = path.split("/")
        likely = unicodedata.normalize("NFKC", _bare(last)).casefold()
        why = _why_not(member, path, limits)
        if why:
            refused.append(why)
        elif WANTED.match(last):
            own = f"{folders[-1]}/" if folders and keeps and folders[-1].isprintable() and keeps(folders[-1]) else ""
            if own + last in files:
                refused.append(f"it holds {last} more than once, and the first was taken")
            files.setdefault(own + last, member)
        elif WANTED.match(likely):
            refused.append("a file in it has nearly the name of one that counts, in capitals or unusual characters")
        elif likely.endswith(".zip") and keeps:
            zips.append((member, last))
        elif likely.endswith(".zip") or other_archive(likely):
            refused.append("it holds an archive that was not opened")
    return Judged(tuple((member, name) for name, member in files.items()), tuple(zips), tuple(dict.fromkeys(refused)))


def _bomb(members: Sequence[ZipInfo], limits: Limits) -> str:
    """Why a zip is not opened at all."""
    total, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if len(members) > limits.files:
        return f"it holds more than {limits.files} files, so nothing was taken from it"
    if total > limits.total:
        return f"it would unpack to more than {limits.total // 1_000_000} megabytes, so nothing was taken from it"
    if total > limits.small and total > limits.ratio * max(packed, 1):
        return f"it would unpack to more than {limits.ratio} times its size, so nothing was taken from it"
    return ""


def _why_not(member: ZipInfo, path: str, limits: Limits) -> str:
    kind = stat.S_IFMT(member.external_attr >> 16)
    if _leads_out(path):
        return "a file in it has a name that leads out of its folder"
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "it holds a link or a device, not a file"
    if member.flag_bits & 1:
        return "a file in it is locked with a password"
    if member.file_size > limits.one:
        return f"a file in it is far too large (more than {limits.one // 1_000_000} megabytes)"
    if member.file_size > limits.small and member.file_size > limits.ratio * max(member.compress_size, 1):
        return f"a file in it would unpack to more than {limits.ratio} times its size"
    return ""


def _leads_out(path: str) -> bool:
    """Whether a name is one of another place: from the top, through a parent, or on a drive; however it is spelled."""
    plain = unicodedata.normalize("NFKC", _bare(path)).replace("\\", "/")
    return plain.startswith("/") or bool(_DRIVE.match(plain)) or ".." in (part.strip() for part in plain.split("/"))


def _bare(text: str) -> str:
    """Without what is not seen: control characters, marks of direction, joiners."""
    return "".join(char for char in text if unicodedata.category(char) not in {"Cc", "Cf"})


def other_archive(name: str) -> bool:
    """Whether a file is an archive of a kind that nothing here opens."""
    return bool(_OTHER_ARCHIVES & {suffix.lower() for suffix in PurePosixPath(name).suffixes[-2:]})


def shown(name: str) -> str:
    """Give a file's name for a line in a report: one line, no marks of direction, not too long."""
    text = "".join(char if char.isprintable() else "?" for char in name)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def stem_of(name: str) -> str:
    """Give the name of the folder that a zip is unpacked into, or nothing when its name is not fit for a folder's."""
    stem = name[: -len(".zip")].rstrip(" .")
    plain = stem.isprintable() and not stem.startswith(".") and "/" not in stem and "\\" not in stem
    return stem if plain else ""


def alike(name: str) -> str:
    """Give the same text for names that a computer could take for one another: but for capitals and odd spelling."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
