"""The folder of a company: its model file, its settings, its journal and caches."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from latticework.base.findings import Finding, Place, Refused, error
from latticework.base.refs import slug_of

MODEL_FILE = "latticework.yaml"
INNER = ".latticework"
SETTINGS = "workspace.toml"
RECIPES = "recipes"
DEFAULT_STORE = "sqlite:///journal.db"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the parts of one company lie."""

    path: Path

    @property
    def model_file(self) -> Path:
        """The model as people write it."""
        return self.path / MODEL_FILE

    @property
    def inner(self) -> Path:
        """What the tool keeps for itself."""
        return self.path / INNER

    @property
    def settings_file(self) -> Path:
        """Which store the journal lies in."""
        return self.inner / SETTINGS

    @property
    def cache(self) -> Path:
        """What may be deleted at any time."""
        return self.inner / "cache"

    def exists(self) -> bool:
        """Whether a company was begun here."""
        return self.settings_file.is_file()

    def store_url(self) -> str:
        """The store's address, with `${NAME}` taken from the environment.

        A relative SQLite path counts from the inner folder. Raises Refused
        where there is no company (WORK001) or its settings cannot be read.
        """
        return self.address_of(self._stored_url())

    def address_of(self, stored: str) -> str:
        """A store's address as settings give it, made absolute and complete."""
        url = _expand(stored, self.settings_file)
        scheme, _, path = url.partition(":///")
        if scheme == "sqlite" and not path.startswith("/"):
            return f"sqlite:///{(self.inner / path).resolve()}"
        return url

    def make(self) -> None:
        """Make room for a company; raises Refused (WORK006) where that fails."""
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Refused([_unwritable(self.path, problem)]) from problem

    def refuse_taken(self) -> None:
        """Raise Refused (WORK002) where a company is there already."""
        if self.exists():
            says = f"'{self.path}' holds a company already"
            raise Refused([error("WORK002", says, hint="choose another folder, or open this one")])

    def begin(self, model_text: str, store_url: str) -> None:
        """Write the model file and the settings, last of all what makes it a company."""
        try:
            self.model_file.write_text(model_text, encoding="utf-8")
            quoted = store_url.replace("\\", "\\\\").replace('"', '\\"')
            self.settings_file.write_text(f'store = "{quoted}"\n', encoding="utf-8")
        except OSError as problem:
            raise Refused([_unwritable(self.path, problem)]) from problem

    def model_text(self) -> str:
        """The model file as written; raises Refused (WORK004) without one."""
        hint = "bring it back from a backup; what was applied is safe in the journal"
        return read_text(self.model_file, hint=hint)

    def write_model(self, text: str) -> None:
        """Keep a text as the model file; raises Refused (WORK006) where that fails."""
        try:
            self.model_file.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise Refused([_unwritable(self.model_file, problem)]) from problem

    def keep_recipe(self, name: str, text: str) -> None:
        """Keep by which recipe a source came in, so that its values can be traced."""
        self.keep_files({self.recipe_file(name): text})

    def keep_files(self, texts: Mapping[Path, str]) -> None:
        """Keep texts at their places; raises Refused (WORK006) where that fails."""
        for path, text in texts.items():
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            except OSError as problem:
                raise Refused([_unwritable(path, problem)]) from problem

    @property
    def used(self) -> Path:
        """Where the recipes lie by which sources came in last."""
        return self.inner / RECIPES

    def recipe_file(self, name: str) -> Path:
        """Where the recipe by which a source came in last is kept."""
        return self.used / f"{slug_of(name)}.yaml"

    def _stored_url(self) -> str:
        if not self.exists():
            says = f"no company in '{self.path}'"
            hint = f"begin one with: latticework init {self.path}"
            raise Refused([error("WORK001", says, hint=hint, value=str(self.path))])
        try:
            found = tomllib.loads(self.settings_file.read_text(encoding="utf-8")).get("store")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
            place = Place(file=str(self.settings_file))
            says = f"the settings cannot be read: {problem}"
            hint = f'the file holds one line, store = "{DEFAULT_STORE}"'
            raise Refused([error("WORK003", says, hint=hint, place=place)]) from problem
        return str(found or DEFAULT_STORE)


def refuse_gone(url: str) -> None:
    """Raise Refused (WORK010) where an address names a file that is not there."""
    scheme, _, path = url.partition(":///")
    if scheme == "sqlite" and not Path(path).exists():
        raise Refused([journal_gone(url)])


def journal_gone(url: str) -> Finding:
    """A company that was begun has no journal where its settings say."""
    says = "the company's journal is not there"
    hint = "bring it back from a backup, or restore an export into a new folder"
    return error("WORK010", says, hint=hint, place=Place(file=url))


def read_text(path: Path, *, hint: str = "") -> str:
    """A file's text; raises Refused (WORK004) where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        if isinstance(problem, OSError):
            reason, usual = problem.strerror, "check the path and who may read it"
        else:
            reason, usual = "it is not UTF-8 text", "name another file, or save it as UTF-8"
        says = f"'{path}' cannot be read: {reason}"
        raise Refused([error("WORK004", says, hint=hint or usual)]) from problem


def _expand(url: str, place: Path) -> str:
    missing = [name for name in _VARIABLE.findall(url) if name not in os.environ]
    if missing:
        says = f"the store's address needs the environment variable '{missing[0]}'"
        hint = "set it, or write the address without it"
        raise Refused([error("WORK005", says, hint=hint, place=Place(file=str(place)))])
    return _VARIABLE.sub(lambda match: os.environ[match[1]], url)


def _unwritable(path: Path, problem: OSError) -> Finding:
    says = f"'{path}' cannot be written: {problem.strerror}"
    return error("WORK006", says, hint="choose a folder that you may write to")
