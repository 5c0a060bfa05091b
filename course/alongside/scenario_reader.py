"""What a scenario file means, and every fault of form in it, all at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from alongside.blocks import Fault, Item, Line, Page, Paragraph, Section, heading_slug, parse
from alongside.coding.deeds import DEEDS
from alongside.condition import ALWAYS, Condition, NotACondition, read_condition
from alongside.course import Course
from alongside.front import Front
from alongside.scenario import ANYTHING, Effects, Heard, Rating, Reply, Scenario, Scene, Target

__all__ = ["read_scenario", "reply_id", "route_id"]

_IF = r"(?:\s*\(if\s+(?P<when>[^)]*)\))?"
_SPEECH = re.compile(
    rf"^\*\*(?P<who>[^*:]+?){_IF}\s*:\s*\*\*\s*(?P<words>.*)$"
    rf"|^\*\*(?P<who2>[^*:]+?){_IF.replace('when', 'when2')}\s*\*\*\s*:\s*(?P<words2>.*)$"
)
_THOUGHT = re.compile(rf"^\*\s*Thinking{_IF}\s*:\s*(?P<words>.*?)\s*\*$", re.IGNORECASE)
_SEEN = re.compile(r"^\(if\s+(?P<when>[^)]*)\)\s*(?P<words>.*)$", re.IGNORECASE)
_REPLY = re.compile(rf"^\*\*You{_IF}\s*:\s*\*\*\s*(?P<words>.*)(?:→|->)\s*(?P<target>.*)$", re.IGNORECASE)
_OWN = re.compile(
    r"^\*\*You,?\s+in\s+your\s+own\s+words\s*(?P<deeds>\([^)]*\))?\s*:\s*\*\*\s*"
    r"(?P<words>.*?)\s*(?:(?:→|->)\s*(?P<target>.*))?$",
    re.IGNORECASE,
)
_ELSE = "anything else"
_TARGET = re.compile(r"^(?:\[(?P<title>[^\]]*)\]\(#(?P<anchor>[^)]*)\)|(?P<plain>[^\[\]()]+?))$")
_CHOICE = re.compile(r"^(?P<first>.+?)\s+if\s+(?P<when>.+?),?\s+else\s+(?P<second>.+)$", re.IGNORECASE)
_RATING = re.compile(r"^\*\*(?P<rating>[^*.]+)\.?\*\*\.?\s*(?P<why>.*)$")
_EFFECTS = re.compile(r"^\*(?P<effects>[^*]+)\*$")
_POINTS = re.compile(r"^([a-z][a-z-]*)\s+([+-]?\d+)$")
_MEMORY = re.compile(r"^(remember|forget)\s*:\s*([a-z][a-z0-9-]*)$")
_QUOTES = str.maketrans({"“": '"', "”": '"'})
MOST_POINTS = 3


def read_scenario(text: str, path: str, name: str, course: Course) -> tuple[Scenario | None, tuple[Fault, ...]]:
    """Read a scenario. With any fault there is no scenario, only the faults, all of them at once."""
    page = parse(text, path)
    reader = _Reader(page, course)
    front = Front(page, known=("format", "title", "skills", "minutes", "content-note", "notes-for-trainers", "lang"))
    title, minutes = front.text("title"), front.number("minutes", 1, 120)
    skills = front.names("skills", course.skills, "course/course.yaml")
    front.one("format", ("1",))
    note = front.text("content-note", needed=False)
    language = front.text("lang", needed=False) or course.language
    scenes = reader.scenes()
    faults = tuple(sorted((*page.faults, *front.faults, *reader.faults), key=lambda fault: fault.line))
    if faults or not scenes:
        return None, faults
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Scenario(name, path, title, skills, minutes, note, scenes, course.meters, digest, language), ()


def reply_id(scene: str, words: str) -> str:
    """Give a reply's identity: what is said, and in which scene; never its place in the list."""
    return hashlib.sha256(f"{scene}\0{words}".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def route_id(scene: str, deeds: Iterable[str]) -> str:
    """Give a route's identity: its deeds, in whatever order, and the scene."""
    return reply_id(scene, "\0".join(("", *sorted(deeds))))


class _Reader:
    """Reads the scenes of one page and keeps every fault that it finds."""

    def __init__(self, page: Page, course: Course) -> None:
        self.page = page
        self.skills = course.skills
        self.meters = {meter.name for meter in course.meters}
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.page.path, line, message))

    def scenes(self) -> tuple[Scene, ...]:
        first: dict[str, int] = {}
        scenes = []
        if self.page.opening:
            line = self.page.opening[0].line
            self.fault(line, "This stands before the first scene. Put `## Start` above it.")
        for section in self.page.sections:
            slug = heading_slug(section.title)
            if section.level != 2:  # noqa: PLR2004  a scene is a second-level heading
                self.fault(section.line, "A scene starts with two hashes. Write it as `## Name of the scene`.")
            elif not slug:
                self.fault(section.line, "This scene has no name. Write it as `## Name of the scene`.")
            elif slug in first:
                self.fault(
                    section.line,
                    f'There are two scenes called "{section.title}" (the first is on line {first[slug]}). Rename one.',
                )
            else:
                first[slug] = section.line
                scenes.append(self.scene(section, slug))
        if not self.page.sections:
            self.fault(1, "There is no scene here. Start the first one with `## Start`.")
        return tuple(scenes)

    def scene(self, section: Section, slug: str) -> Scene:
        heard: list[Heard] = []
        replies: list[Reply] = []
        for block in section.blocks:
            if isinstance(block, Paragraph):
                if replies:
                    self.fault(block.line, "This stands after the replies. Move it above the first reply.")
                heard.extend(self.paragraph(block))
            else:
                own = _OWN.match(block.text)
                reply = self.route(block, own, slug) if own else self.reply(block, slug)
                if reply and replies and replies[-1].own and not own:
                    self.fault(block.line, "This reply stands after own words. Move it above the first of them.")
                if reply:
                    replies.append(reply)
        self.routes(tuple(reply for reply in replies if reply.own))
        if not heard:
            self.fault(section.line, "Nothing is heard or seen in this scene. Write a line, as `**Alex:** words`.")
        return Scene(slug, section.title, tuple(heard), tuple(replies), section.line)

    def paragraph(self, block: Paragraph) -> list[Heard]:
        """Speech and thoughts stand one to a line; other lines that stand together are one thing seen."""
        found: list[Heard] = []
        seen: list[Line] = []

        def close() -> None:
            if seen:
                text, number = " ".join(line.text for line in seen), seen[0].number
                match = _SEEN.match(text)
                when = self.condition(match["when"], number) if match else ALWAYS
                found.append(Heard("seen", match["words"] if match else text, number, when=when))
                seen.clear()

        for line in block.lines:
            speech, thought = _SPEECH.match(line.text), _THOUGHT.match(line.text)
            if speech:
                close()
                found.append(self.speech(speech, line))
            elif thought:
                close()
                when = self.condition(thought["when"], line.number)
                found.append(Heard("thought", thought["words"], line.number, when=when))
            elif found and not seen and found[-1].kind == "speech" and not line.text.startswith(("*", "(if")):
                last = found[-1]  # speech that goes on in the next row
                found[-1] = Heard(last.kind, f"{last.words} {line.text}", last.line, last.speaker, last.when)
            else:
                if line.text.lower().startswith("*thinking"):
                    self.fault(line.number, "This thought is not complete. Write it as `*Thinking: words*`.")
                if _SEEN.match(line.text):
                    close()
                seen.append(line)
        close()
        return found

    def speech(self, match: re.Match[str], line: Line) -> Heard:
        speaker, words = (match["who"] or match["who2"]).strip(), match["words"] or match["words2"] or ""
        when = self.condition(match["when"] or match["when2"], line.number)
        if not words.strip():
            self.fault(line.number, f"{speaker} says nothing here. Write the words after the colon.")
        if speaker.lower() == "you":
            self.fault(line.number, 'What the learner says is a reply. Put "- " before it, and a scene after an arrow.')
        return Heard("speech", words.strip(), line.number, speaker, when)

    def condition(self, text: str | None, line: int) -> Condition:
        if text is None:
            return ALWAYS
        try:
            condition = read_condition(text)
        except NotACondition as error:
            self.fault(line, str(error))
            return ALWAYS
        for test in condition:
            if test.op in {"is", "not"} and test.name in self.meters:
                self.fault(line, f'"{test.name}" is a meter. Compare it with a number, as `{test.name} >= 1`.')
            elif test.op not in {"is", "not"} and test.name not in self.meters:
                known = ", ".join(sorted(self.meters))
                self.fault(line, f'"{test.name}" is not a meter. The meters in course/course.yaml are: {known}.')
        return condition

    def reply(self, item: Item, scene: str) -> Reply | None:
        match = _REPLY.match(item.text)
        if not match:
            self.fault(item.line, 'This reply is not complete. Write it as `- **You:** "Words." → [Scene](#scene)`.')
            return None
        words = match["words"].translate(_QUOTES).strip()
        words = words[1:-1].strip() if len(words) > 1 and words[0] == words[-1] == '"' else words
        if not words:
            self.fault(item.line, "This reply has no words. Write them between the colon and the arrow.")
        targets = self.targets(match["target"], item.line)
        rated = self.rating(item)
        if rated is None or not targets:
            return None
        rating, reason, rest = rated
        effects = self.effects(rest, rating)
        when = self.condition(match["when"], item.line)
        return Reply(reply_id(scene, words), words, targets, rating, reason, item.line, effects, when)

    def route(self, item: Item, match: re.Match[str], scene: str) -> Reply | None:
        """Read one way that own words can go."""
        deeds = self.deeds(match["deeds"], item.line)
        if match["words"]:
            self.fault(item.line, "These words are the learner's own. Take out what stands before the arrow.")
        if not match["target"]:
            self.fault(item.line, "It is not clear where this leads. Write `→ [Scene](#scene)` after the colon.")
        targets = self.targets(match["target"], item.line) if match["target"] else ()
        rated = self.rating(item)
        if rated is None or not targets or not deeds:
            return None
        rating, reason, rest = rated
        if rating is Rating.HARM:
            self.fault(
                item.line, "Own words that can hurt are the coach's to see. Take this Harm out, or rate it less."
            )
        effects = self.effects(rest, rating)
        return Reply(route_id(scene, deeds), "", targets, rating, reason, item.line, effects, own=deeds)

    def deeds(self, text: str | None, line: int) -> tuple[str, ...]:
        """Read the deeds of a route. Empty with any fault among them."""
        names = [name.strip().lower() for name in (text or "").strip("()").split(",") if name.strip()]
        if names == [_ELSE]:
            return (ANYTHING,)
        if not names:
            self.fault(line, "Say what these own words do, as `**You, in your own words (reflects, affirms):**`.")
        for name in names:
            if name == _ELSE:
                self.fault(line, "Anything else stands alone in its brackets. Take the other names out.")
            elif name not in DEEDS:
                known = ", ".join((*DEEDS, _ELSE))
                near = _nearest_name(name, (*DEEDS, _ELSE))
                self.fault(line, f'"{name}" is not a deed.{near} The names are: {known}.')
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self.fault(line, f'"{twice[0]}" stands here twice. Keep one.')
        return tuple(names) if not twice and all(name in DEEDS for name in names) else ()

    def routes(self, routes: tuple[Reply, ...]) -> None:
        """Tell what is wrong with the routes of a scene taken together."""
        first: dict[str, int] = {}
        for route in routes:
            for deed in route.own:
                told = f"on line {first[deed]}" if deed in first else ""
                wide = next((name for name in _WIDER.get(deed, ()) if name in first), "")
                if told:
                    self.fault(route.line, f'"{_shown(deed)}" has a way already, {told}. Keep one of the two.')
                elif wide:
                    self.fault(
                        route.line, f'"{wide}" on line {first[wide]} takes in "{deed}". Move this line above it.'
                    )
            first.update((deed, route.line) for deed in route.own if deed not in first)
        if not routes:
            return
        last = next((route for route in routes if ANYTHING in route.own), None)
        if last is None:
            self.fault(
                routes[-1].line,
                "Own words can do anything. After this, add `- **You, in your own words (anything else):**`.",
            )
        elif last is not routes[-1]:
            self.fault(last.line, "Anything else is taken last. Move it below the other own words.")
        if last and last.counts_against:
            self.fault(
                last.line,
                "Anything else is also what the coach could not make out, so it never counts against anybody. "
                "Rate it Okay or Strong, and take nothing away.",
            )

    def targets(self, text: str, line: int) -> tuple[Target, ...]:
        choice = _CHOICE.match(text.strip())
        if choice:
            first = self.target(choice["first"], line, self.condition(choice["when"], line))
            second = self.target(choice["second"], line, ALWAYS)
            return tuple(target for target in (first, second) if target)
        one = self.target(text, line, ALWAYS)
        return (one,) if one else ()

    def target(self, text: str, line: int, when: Condition) -> Target | None:
        match = _TARGET.match(text.strip().rstrip("."))
        if not match:
            self.fault(line, "It is not clear where this reply leads. Write `→ [Scene](#scene)` after the words.")
            return None
        title = match["plain"] or match["title"] or ""
        slug = match["anchor"] if match["anchor"] is not None else heading_slug(match["plain"])
        known = {heading_slug(section.title): section.title for section in self.page.sections}
        if slug not in known:
            self.fault(line, f'This leads to "{slug}", but there is no such scene.{_nearest(slug, known)}')
            return None
        return Target(slug, line, title.strip(), when)

    def rating(self, item: Item) -> tuple[Rating, str, list[Line]] | None:
        if not item.quotes:
            self.fault(item.line, "This reply has no feedback. Put it on the next line: `  > **Strong.** Why.`")
            return None
        match = _RATING.match(item.quotes[0].text)
        names = ", ".join(rating.value for rating in Rating)
        if not match:
            self.fault(item.quotes[0].number, f"This feedback has no rating. Start it with one of {names}: `**Okay.**`")
            return None
        try:
            rating = Rating(match["rating"].strip().capitalize())
        except ValueError:
            self.fault(item.quotes[0].number, f'"{match["rating"]}" is not a rating. Use one of {names}.')
            return None
        why = [match["why"]] if match["why"] else []
        rest = []
        for line in item.quotes[1:]:
            if _EFFECTS.match(line.text):
                rest.append(line)
            elif line.text:
                why.append(line.text)
        if not why:
            self.fault(item.quotes[0].number, f"{rating.value}, but why? Write a sentence about the reply after it.")
        return rating, " ".join(why).strip(), rest

    def effects(self, lines: Sequence[Line], rating: Rating) -> Effects:
        points: list[tuple[str, int]] = []
        meters: list[tuple[str, int]] = []
        remember: list[str] = []
        forget: list[str] = []
        for line in lines:
            text = line.text.strip("* ")
            if rating is Rating.HARM:
                self.fault(line.number, "A Harm reply has no effects: the moment is taken again. Take this line out.")
                continue
            for part in (piece.strip().lower() for piece in re.split(r"[·;]", text)):
                number, memory = _POINTS.match(part), _MEMORY.match(part)
                if memory:
                    (remember if memory[1] == "remember" else forget).append(memory[2])
                elif number and number[1] in self.skills:
                    value = int(number[2])
                    if not 0 <= value <= MOST_POINTS:
                        self.fault(line.number, f"Points for a skill go from 0 to {MOST_POINTS}. Change {value}.")
                    points.append((number[1], value))
                elif number and number[1] in self.meters:
                    meters.append((number[1], int(number[2])))
                elif part:
                    names = ", ".join((*self.skills, *sorted(self.meters)))
                    self.fault(
                        line.number,
                        f'"{part}" is not an effect. Write a skill or meter and a number, or `remember: a-word`. '
                        f"Names in course/course.yaml: {names}.",
                    )
        return Effects(tuple(points), tuple(meters), tuple(remember), tuple(forget))


def _wider() -> dict[str, tuple[str, ...]]:
    """Give, for each deed, those whose codes take in all of its own."""
    return {
        deed: tuple(name for name, wide in DEEDS.items() if name != deed and set(codes) < set(wide))
        for deed, codes in DEEDS.items()
    }


_WIDER = _wider()


def _shown(deed: str) -> str:
    return _ELSE if deed == ANYTHING else deed


def _nearest_name(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  only when something is wrong

    close = get_close_matches(name, known, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


def _nearest(slug: str, known: dict[str, str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  only when something is wrong

    close = get_close_matches(slug, known, n=1)
    return f" Did you mean `[{known[close[0]]}](#{close[0]})`?" if close else ""
