"""The smallest course that is whole: every kind of file once, and no fault in any."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

TODAY = date(2026, 12, 1)

COURSE = """\
title: Small
language: en
skills:
  reflecting: {name: Reflecting, means: saying back what you hear}
  repairing: {name: Repairing, means: owning a misstep}
  noticing-distress: {name: Noticing distress, means: hearing a sign of danger}
meters:
  trust: {lowest: -3, highest: 3}
crisis: [line]
words-avoided:
  client: the person
  committed suicide: died by suicide
"""

SOURCES = """\
[book-2020]
short = "A book, 2020"
about = "A book."
url = "https://example.org/book"
checked = 2026-11-21
"""

DATED = """\
line:
  title: A line
  how: Call 999
  claim: You can call 999 at any hour.
  where: anywhere
  source: book-2020
  checked: 2026-11-21
  stale: 2027-11-21
"""

DESIGN = """\
# First: design

## Objectives

### Say back what one hears {#say-back}

*samhsa: I, IX · icrc: mentoring-education*

- taught: The talk
- practiced: talk, heard, a-time
- assessed: cut-off

## Out of scope

- Everything else.
"""

GLOSSARY = """\
---
format: 1
title: What words mean
---

Each word here is used in a lesson.

## Hearing {#hearing}

*taught: first · related: talking · source: book-2020*

To take in what a person says.

- It takes time [@book-2020].

## Talking {#talking}

*taught: first*

To say things.
"""

WORDS = """\
[lesson]
one_page = "On one page"

[buttons]
go = "Go on"
"""

HOME = """\
---
format: 1
title: Small
minutes: 0
---

Welcome. Go in any order.

{{ progress }}
"""

LESSON = """\
---
format: 1
title: First
minutes: 5
---

## You will be able to

- Say back what you hear.

## The talk

People like [[hearing|to be heard]], and [[talking]] too [@book-2020]. [=line]

{{ roleplay talk }}

{{ practice heard }}

{{ reflection a-time }}

{{ graded-quiz }}

## Take with you

- Hear first.
"""

SCENARIO = """\
---
format: 1
title: A talk
skills: [reflecting, repairing]
minutes: 3
---

## Start

The room is empty.

**Alex:** It has been a week.

*Thinking: say nothing clever.*

- **You:** "At least it is over." → [Shut](#shut)
  > **Rethink.** It hurries past the week.
  > *trust -1 · remember: hurried*
- **You:** "It sounds like a long one." → [Open](#open)
  > **Strong.** It says back what was heard.
  > *reflecting 2 · trust +1*

## Shut

**Alex:** If you say so.

- **You:** "I hurried you. I am sorry." → [Open](#open)
  > **Strong.** It names the misstep.
  > *repairing 2*
- **You:** "Cheer up, it is Friday." → [Leaves](#leaves)
  > **Rethink.** It asks for a smile.

## Open

**Alex (if hurried):** You came back to it.
**Alex:** It was the letter.

## Leaves

**Alex:** Bye.
"""

WALK = """\
# A talk

> It has been a week.
- At least it is over.
> If you say so.
- I hurried you. I am sorry.
> You came back to it.
"""

QUESTION = """\
## Heard {#heard}

*skill: reflecting · points: 1 · source: book-2020 · reviewed: 2026-11-21*

Sam says: "I have not slept." Which reply reflects?

- [ ] "Have you tried tea?"
  > That is a fix.
- [x] "You are worn out."
  > It says back what it is like.
- [ ] "My sister was the same."
  > It takes the floor.
"""

BANK = """\
---
format: 1
title: First: graded quiz
minutes: 5
---

## Cut off {#cut-off}

*skill: reflecting · points: 1 · source: book-2020 · reviewed: 2026-11-21*

Kim says: "They moved my desk to the hall." Which reply says it back?

- [ ] "You could ask to move again."
  > That is a fix.
- [ ] "Halls are nice in summer."
  > That is a bright side.
- [x] "You were put outside."
  > It says back what it is like.
"""

OWN_WORDS = """\
- **You, in your own words (reflects, affirms):** → [Open](#open)
  > **Strong.** It stays with what was said.
  > *reflecting 2 · trust +1*
- **You, in your own words (advises, minimises):** → [Shut](#shut)
  > **Rethink.** It came early.
  > *trust -1*
- **You, in your own words (anything else):** → [Shut](#shut)
  > **Okay.** It keeps the talk going.

"""

TYPED = SCENARIO.replace("## Shut", f"{OWN_WORDS}## Shut", 1).replace("trust +1*\n\n-", "trust +1*\n-")

REFLECTIONS = """\
## A time {#a-time}

Think of a time when someone heard you. Write a few lines.

- What did they do?

### Or write about someone else

Read about Dana first. Dana told a friend about her day, and the friend sat down.
"""

FILES: Mapping[str, str] = {
    "course/course.yaml": COURSE,
    "course/sources.toml": SOURCES,
    "course/facts.yaml": DATED,
    "course/words/en.toml": WORDS,
    "modules/glossary.md": GLOSSARY,
    "modules/01-first/design.md": DESIGN,
    "modules/home.md": HOME,
    "modules/01-first/lesson.md": LESSON,
    "modules/01-first/reflections.md": REFLECTIONS,
    "modules/01-first/practice.md": QUESTION,
    "modules/01-first/scenarios/talk.md": SCENARIO,
    "modules/01-first/scenarios/talk.walk.md": WALK,
    "assessments/questions/first.md": BANK,
}
