"""Binder: what repo2docker would do with `binder/`, and the same steps taken in a fresh environment."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import uuid
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import websocket
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import Page, expect

from alongside_web.proxied import course as proxied
from tests.apps.conftest import Seen
from tests.apps.pages import CATALOG, WORDS, begin, holding, replies
from tests.apps.servers import ROOT, Server, clean_environ, copy_course, free_port, running

BINDER = ROOT / "binder"
TOKEN = "binder-gives-each-visitor-one"  # noqa: S105  not a secret: a test's own server
BASE = "/user/visitor"  # Binder serves each visit under a path of its own
SIGNED_IN = {"Authorization": f"token {TOKEN}"}
ELSEWHERE = "https://elsewhere.example"
# What a script of the Jupyter server's own pages does: it sends back the first cookie of this name that it finds.
MAKE_FOLDER = r"""async (base) => {
  const headers = { "X-XSRFToken": document.cookie.match("\\b_xsrf=([^;]*)\\b")[1] };
  const answer = await fetch(`${base}/api/contents`, { method: "POST", body: '{"type": "directory"}', headers });
  return answer.status;
}"""
# What repo2docker's environment for this Python has that the course needs too and binder/requirements.txt leaves to it.
FROM_BASE = {"packaging", "platformdirs", "pyyaml"}


def requirements(path: Path) -> dict[str, str]:
    """Give the exact versions that a file of requirements asks for."""
    rows = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = [Requirement(row) for row in rows if row]
    return {canonicalize_name(one.name): next(iter(one.specifier)).version for one in found}


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """What repo2docker makes of a copy of the course. It needs no Docker for that."""
    tool = Path(sysconfig.get_path("scripts")) / "jupyter-repo2docker"
    command = [str(tool), "--no-build", "--debug", "--user-id", "1000", "--user-name", "visitor", str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def test_repo2docker_takes_our_python_and_installs_packages_before_it_copies_the_course(dockerfile: str) -> None:
    """The layer of packages is kept when only the course changes, so a Binder link starts sooner."""
    assert "python=3.12" in dockerfile
    packages = dockerfile.index('pip install --no-cache-dir -r "binder/requirements.txt"')
    course = dockerfile.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    assert packages < course


def test_repo2docker_runs_our_last_step_and_starts_through_our_script(dockerfile: str) -> None:
    """`postBuild` installs the course and `start` wraps the server."""
    assert re.search(r"^RUN \./binder/postBuild", dockerfile, re.MULTILINE)
    assert re.search(r'^ENV R2D_ENTRYPOINT=".*binder/start"', dockerfile, re.MULTILINE)


def test_start_ends_in_the_command_that_it_is_given() -> None:
    """Otherwise the image would start nothing."""
    assert (BINDER / "start").read_text(encoding="utf-8").rstrip().endswith('exec "$@"')


def test_start_gives_the_visitor_a_space_outside_the_course(tmp_path: Path) -> None:
    """A visit is thrown away: nobody's words come into the course's folder, and the key to them stands in no file."""
    environ = {name: value for name, value in os.environ.items() if name != "ALONGSIDE_HOME"}
    show = 'echo "$ALONGSIDE_HOME $ALONGSIDE_VISITOR $ALONGSIDE_KEY $ALONGSIDE_PLACE"'
    command = [str(BINDER / "start"), "sh", "-c", show]
    said = subprocess.run(
        command, cwd=tmp_path, env={**environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=True
    ).stdout
    home, visitor, key, place = said.split()
    assert not Path(home).is_relative_to(ROOT)
    assert re.fullmatch(r"[0-9a-f]{32}", visitor)
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert place == "visit"
    assert not any(path.is_file() for path in Path(home).rglob("*"))


def test_every_version_is_the_one_that_we_use_elsewhere() -> None:
    """Binder's list and constraints.txt name the same versions."""
    ours, all_of_them = requirements(BINDER / "requirements.txt"), requirements(ROOT / "constraints.txt")
    assert ours == {name: all_of_them.get(name) for name in ours}


def test_everything_the_web_app_and_lab_need_is_there_and_nothing_for_marking_or_developing() -> None:
    """`pip install --no-deps` fetches nothing, so what the course needs is in the list or in repo2docker's base."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["learn"], *extras["lab"], *extras["binder"], "notebook"]
    names = {canonicalize_name(Requirement(one).name) for one in needed} - {canonicalize_name(project["name"])}
    assert set(requirements(BINDER / "requirements.txt")) == names - FROM_BASE


def test_what_is_started_is_the_course_of_one_person_under_its_own_name() -> None:
    """jupyter-server-proxy is told our own command, and nobody else on the machine can reach what it starts."""
    told = proxied()
    assert told["command"][:5] == [sys.executable, "-m", "alongside", "open", "--no-browser"]
    assert told["launcher_entry"]["title"] == CATALOG.course.title
    assert told["unix_socket"] is (os.name == "posix")


def test_the_link_in_the_readme_leads_to_the_course() -> None:
    """The address that people follow is the one that is tested here."""
    (link,) = re.findall(r"\(https://mybinder\.org/\S+\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert link.endswith("/HEAD?urlpath=course/)")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The steps of the image in a fresh environment, then the image's own command. Slow: about two minutes."""
    folder = tmp_path_factory.mktemp("binder")
    course, home, environment = copy_course(folder / "course"), folder / "home", folder / "environment"
    home.mkdir()
    venv.create(environment, with_pip=True)
    environ = clean_environ(home, {"HOME": str(home), "REPO_DIR": str(course), "TMPDIR": str(folder)})
    environ["PATH"] = os.pathsep.join([str(environment / "bin"), os.environ["PATH"]])
    environ.pop("ALONGSIDE_HOME")
    steps = (
        ["python", "-m", "pip", "install", "--quiet", "--no-cache-dir", "-r", "binder/requirements.txt"],
        ["binder/postBuild"],
        ["python", "-m", "pip", "check"],
    )
    for step in steps:
        done = subprocess.run(step, cwd=course, env=environ, capture_output=True, text=True, check=False, timeout=280)
        assert done.returncode == 0, f"{' '.join(step)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    port = free_port()
    server = Server(f"http://127.0.0.1:{port}{BASE}", home, course, home / "server.log")
    command = [
        *("binder/start", "jupyter", "notebook", "--ip", "127.0.0.1", f"--port={port}", "--no-browser", "--allow-root"),
        *(f"--ServerApp.base_url={BASE}/", f"--IdentityProvider.token={TOKEN}", "--ServerApp.allow_origin=*"),
    ]
    with running(command, f"{server.url}/api", server.log, environ=environ, folder=course):
        yield server


def enter(page: Page, image: Server) -> None:
    """Follow the link, as Binder does for a visitor: with the token that it gives to each."""
    page.goto(f"{image.url}/course/?token={TOKEN}")
    expect(page.get_by_role("link", name="Empathy", exact=True)).to_be_visible()


@pytest.mark.timeout(600)
def test_the_link_opens_the_course_and_a_conversation_is_answered(image: Server, page: Page, seen: Seen) -> None:
    """Whoever follows the link sees the modules and no code, opens a lesson, says something, and is answered."""
    enter(page, image)
    for words in ("alongside_widgets", "Traceback", "There was an error"):
        expect(page.locator("body")).not_to_contain_text(words)
    expect(page.locator(".jp-InputArea-editor")).to_have_count(0)
    page.get_by_role("link", name="Empathy", exact=True).click()
    expect(page.get_by_role("heading", name="You will be able to")).to_be_visible()
    scenario = CATALOG.module("empathy").scenarios["a-rough-week"]
    said = scenario.scenes[0].replies[0]
    region = begin(page, scenario.title)
    replies(region).filter(has_text=said.words).click()
    expect(region.get_by_role("log")).to_contain_text(said.reason)
    assert page.url.startswith(f"{image.url}/course/")
    assert all(one.startswith((image.url, image.url.replace("http", "ws"), "data:", "blob:")) for one in seen.requests)
    assert seen.foreign == []


@pytest.mark.timeout(600)
def test_one_is_told_first_that_the_visit_vanishes_and_one_press_saves_all_work(image: Server, page: Page) -> None:
    """What is written is locked on the disk and in no browser storage, and comes along in the file."""
    enter(page, image)
    expect(page.locator("body")).to_contain_text(WORDS["page"]["visit"])
    page.get_by_role("link", name="Empathy", exact=True).click()
    reflection = CATALOG.module("empathy").reflections["what-made-room"]
    region = page.get_by_role("region", name=reflection.title)
    expect(region).to_contain_text(WORDS["reflection"]["who_reads_visit"])
    planted = f"Planted {uuid.uuid4().hex}"
    region.get_by_role("textbox").fill(planted)
    expect(region.get_by_text(WORDS["save"]["saved"])).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name=WORDS["page"]["work_save"]).first.click()
    assert planted in Path(started.value.path()).read_text(encoding="utf-8")
    stored = page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert planted not in stored
    places = (image.home.parent, image.log.parent)
    assert not [path for place in places for path in holding(place, planted) if path.suffix != ".json"]


@pytest.mark.timeout(600)
def test_jupyterlab_is_one_link_away_and_goes_on_working(image: Server, new_page: Callable[..., Page]) -> None:
    """The home page links to JupyterLab. The course's cookies do not stand in the way of what is done there."""
    page = new_page(viewport={"width": 1280, "height": 800})
    enter(page, image)
    address = page.get_by_role("link", name="JupyterLab").get_attribute("href")
    page.goto(urljoin(page.url, address))
    expect(page.get_by_role("listitem", name=re.compile("modules"))).to_be_visible()
    assert page.url.startswith(f"{image.url}/lab")
    assert page.evaluate(MAKE_FOLDER, BASE) == 201
    paths = [cookie["path"] for cookie in page.context.cookies()]
    assert paths
    assert all(path.startswith(f"{BASE}/") for path in paths)
    enter(page, image)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "path",
    ["/voila/render/modules/home.ipynb", "/voila/render/home.ipynb", "/voila/tree", "/voila", "/course/voila/tree",
     "/course/voila/render/02-empathy/lesson.md", "/course/api/contents", "/course/api/kernels"],
)  # fmt: skip
def test_only_the_courses_own_pages_are_served(image: Server, page: Page, path: str) -> None:
    """Voila inside the Jupyter server would show any notebook, and take any message to its kernel."""
    assert page.request.get(f"{image.url}{path}", headers=SIGNED_IN).status == 404


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", ["/course", "/course/", "/course/voila/render/home.ipynb", "/course/voila/static/x"])
def test_without_the_token_nothing_is_served(image: Server, page: Page, path: str) -> None:
    """Only the page that asks for the token."""
    page.goto(f"{image.url}{path}")
    assert page.url.startswith(f"{image.url}/login?")
    expect(page.get_by_role("link", name="Empathy")).to_have_count(0)


def stays_open(address: str, origin: str, headers: dict[str, str]) -> bool:
    """Open a socket as a page of `origin` would. Says whether it is still open when something, or nothing, came."""
    known = ["v1.kernel.websocket.jupyter.org"]
    opened = websocket.create_connection(address, origin=origin, header=headers, subprotocols=known, timeout=5)
    try:
        return opened.recv_data()[0] != websocket.ABNF.OPCODE_CLOSE
    except websocket.WebSocketTimeoutException:
        return True
    except websocket.WebSocketConnectionClosedException:
        return False
    finally:
        opened.close()


@pytest.mark.timeout(600)
def test_a_kernel_is_reached_from_the_courses_own_page_alone(image: Server, page: Page, seen: Seen) -> None:
    """Binder lets other sites ask the Jupyter server, so the course's own check is the one that counts."""
    enter(page, image)
    page.get_by_role("link", name="Empathy", exact=True).click()
    begin(page, CATALOG.module("empathy").scenarios["a-rough-week"].title)
    sockets = [one.partition("?")[0] for one in seen.requests if one.startswith("ws://")]  # a session of its own
    address = next(one for one in reversed(sockets) if re.search(r"/course/api/kernels/.*/channels$", one))
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies(page.url))
    own = image.url.removesuffix(BASE)
    assert stays_open(address, own, {"Cookie": cookies, **SIGNED_IN})
    assert not stays_open(address, ELSEWHERE, {"Cookie": cookies, **SIGNED_IN})
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        stays_open(address, own, {})


@pytest.mark.timeout(600)
def test_the_installed_course_is_found_from_any_folder(image: Server, tmp_path: Path) -> None:
    """An installed package carries the course's text with it; `alongside` works away from the checkout."""
    python = image.root.parent / "environment" / "bin" / "python"
    show = "from alongside.catalog import open_catalog; print(len(open_catalog().modules))"
    environ = clean_environ(tmp_path / "home")
    done = subprocess.run(
        [str(python), "-c", show], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 0
