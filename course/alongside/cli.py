"""The command `alongside`: check, build and start things. Other packages add commands of their own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint, entry_points

from alongside.paths import CourseNotFound

__all__ = ["main"]

GROUP = "alongside.commands"
_OWN = {
    "check": "find every mistake in the course's text",
    "build": "make the notebooks from the text",
    "coverage": "show what the course covers, and what it does not",
    "new": "start a module, a scenario or a question",
    "coding": "learn, measure and use the codes for what is typed in one's own words",
}
_OTHERS = {
    "open": "open the course on this computer (--lab for JupyterLab)",
    "preview": "build one module and open it as a trainee sees it",
    "release": "make a graded quiz ready to give out, without its key",
    "mark": "mark what was handed in for a graded quiz",
    "rubric": "mark written answers by their rubric, names hidden",
    "regrade": "change marks where a question turned out to be faulty",
    "feedback": "write each learner's page of feedback",
    "shared": "read what learners chose to share with you",
    "export": "write marks for Canvas, Moodle or a spreadsheet",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives 0 when all is well, 1 when something must be mended, 2 when the command is not clear."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    name, rest = (given[0], given[1:]) if given else ("", [])
    own: dict[str, Callable[[list[str]], int]] = {
        "check": _check, "build": _build, "coverage": _coverage, "new": _new, "coding": _coding,
    }  # fmt: skip
    try:
        if name in own:
            return own[name](rest)
        found: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=GROUP)}
        if name in found:
            command: Callable[[list[str]], int] = found[name].load()
            return command(rest)
    except CourseNotFound as error:
        print(error, file=sys.stderr)
        return 1
    asked = name in {"", "-h", "--help", "help"}
    print(_help() if asked else f'There is no command "{name}".\n\n{_help()}', file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


def _help() -> str:
    rows = [f"  alongside {name:<8} {what}" for name, what in {**_OWN, **_OTHERS}.items()]
    return "\n".join(["Alongside: a course for peer support specialists.", "", *rows])


def _check(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("alongside check", description=_OWN["check"])
    parser.add_argument("--release", action="store_true", help="also: no fact is stale, and everything is built")
    options = parser.parse_args(arguments)
    from alongside.catalog import open_catalog  # noqa: PLC0415  each command loads only what it needs
    from alongside.checks import check_course, check_for_release, reading_available  # noqa: PLC0415

    catalog = open_catalog()
    unread = [language for language in catalog.languages if not reading_available(language)]
    if unread:
        print(f"The reading grade is not checked in these languages: {', '.join(unread)}.", file=sys.stderr)
    faults = check_for_release(catalog) if options.release else check_course(catalog)
    for fault in faults:
        print(fault)
    if faults:
        print(f"\n{_count(len(faults), 'thing')} to mend.")
        return 1
    scenarios = sum(len(module.scenarios) for module in catalog.modules)
    questions = sum(len(module.questions) for module in catalog.modules)
    graded = sum(len(bank.questions) for unit in catalog.bank_paths if (bank := catalog.bank(unit)[0]))
    print(
        f"All is well: {_count(len(catalog.modules), 'module')}, {_count(scenarios, 'conversation')}, "
        f"{_count(questions, 'practice question')}, {_count(graded, 'graded question')}."
    )
    return 0


def _build(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("alongside build", description=_OWN["build"])
    parser.add_argument("--check", action="store_true", help="only say what is out of date; exit with 1 if anything is")
    options = parser.parse_args(arguments)
    from alongside.build import build, out_of_date  # noqa: PLC0415
    from alongside.catalog import open_catalog  # noqa: PLC0415

    catalog = open_catalog()
    if options.check:
        stale, faults = out_of_date(catalog)
        for path in stale:
            print(f"{path}:1: This is out of date. Run `alongside build` and commit what it writes.")
    else:
        stale, faults = build(catalog)
        for path in stale:
            print(f"made {path}")
    for fault in faults:
        print(fault)
    if not stale and not faults:
        print("Everything that is built is up to date.")
    return 1 if faults or (options.check and stale) else 0


def _coverage(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("alongside coverage", description=_OWN["coverage"])
    parser.parse_args(arguments)
    from alongside.catalog import open_catalog  # noqa: PLC0415
    from alongside.coverage import coverage, page  # noqa: PLC0415

    print(page(coverage(open_catalog())), end="")
    return 0


def _coding(arguments: list[str]) -> int:
    from alongside.coding.commands import coding  # noqa: PLC0415  each command loads only what it needs

    return coding(arguments)


def _new(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("alongside new", description=_OWN["new"])
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="module|scenario|question")
    kinds.add_parser("module", help="a folder with a lesson that works").add_argument("name")
    for kind in ("scenario", "question"):
        sub = kinds.add_parser(kind, help=f"a {kind} in a module, placed in its lesson")
        sub.add_argument("module")
        sub.add_argument("name")
    options = parser.parse_args(arguments)
    from alongside.catalog import open_catalog  # noqa: PLC0415
    from alongside.new import NotMade, new_module, new_question, new_scenario  # noqa: PLC0415

    catalog = open_catalog()
    try:
        if options.kind == "module":
            path = new_module(catalog, options.name)
        else:
            make = new_scenario if options.kind == "scenario" else new_question
            path = make(catalog, options.module, options.name)
    except NotMade as error:
        print(error, file=sys.stderr)
        return 1
    print(f"made {catalog.shown(path)}\nNow change its words, then run `alongside check` and `alongside build`.")
    return 0


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
