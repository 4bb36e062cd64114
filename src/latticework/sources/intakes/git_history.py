"""A git history as batches: every commit that changed something is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pygit2
from pygit2.enums import DeltaStatus, DiffFind, DiffOption, ObjectType

from latticework.base.findings import Finding, Place, Refused, error, notice, warning
from latticework.base.times import Instant
from latticework.journal.changes import Batch, Change
from latticework.sources.intakes.files import Files, FileStep
from latticework.sources.intakes.intake import Findings, Progress
from latticework.sources.intakes.leading import Leading
from latticework.sources.intakes.standing import Standing
from latticework.sources.intakes.step import Step, When
from latticework.sources.recipes.parts import Recipe

ALIKE = 50
"""Percent of a file that a renamed file has in common with it, at least."""

SHOWN = 10
"""How many of the files seen a finding names."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One file in one commit: its path, its former path, its content's name.

    `blob` None means that the file is no more.
    """

    path: str
    before: str
    blob: pygit2.Oid | None


class GitHistory:
    """Reads a repository along the first parents of one branch."""

    def __init__(
        self,
        repository: pygit2.Repository,
        recipe: Recipe,
        told: Findings,
        leading: Leading | None = None,
    ) -> None:
        """Find the branch and its commits; raises Refused where there are none.

        `leading` leads what is new to the things that its keys belong to now.
        """
        self._repository = repository
        self._leading = leading
        self._recipe = recipe
        self._told = told
        self._commits = _first_parents(repository, _tip(repository, recipe.branch), told)

    @property
    def revision(self) -> str:
        """The newest commit."""
        return str(self._commits[-1].id)

    def batches(self, *, since: str, when: When, progress: Progress | None) -> Iterator[Batch]:
        """A batch for each commit after `since` that changes something.

        Raises Refused (SOURCE033) where the branch does not contain `since`.
        """
        numbers = {str(commit.id): number for number, commit in enumerate(self._commits)}
        if since and since not in numbers:
            says = f"commit '{since[:10]}', where the last import ended, is not in this history"
            hint = "import the history it came from, or start a branch and import this one there"
            raise Refused([error("SOURCE033", says, hint=hint, value=since)])
        if since == self.revision:
            return
        yield from self._replay(numbers.get(since, -1), when, progress)

    def _replay(self, last: int, when: When, progress: Progress | None) -> Iterator[Batch]:
        """Every commit in turn; those up to `last` are taken in without a word."""
        known = self._leading.knows if self._leading else (lambda _: False)
        standing, files = Standing(self._recipe, known=known), Files(self._recipe)
        before: pygit2.Commit | None = None
        count, valid, read = 0, None, False
        for number, commit in enumerate(self._commits):
            valid = commit.commit_time if valid is None else max(valid, commit.commit_time)
            if valid != commit.commit_time and number > last:
                self._tell_back(commit)
            touches = self._touches(before, commit)
            read = read or bool(touches)
            changes = self._changes(touches, commit, standing, files, when, number > last)
            if self._leading is not None and number > last:
                changes = self._leading.lead(changes, valid * 1_000_000)
            before = commit
            if changes and number > last:
                count += len(changes)
                yield self._batch(commit, changes, valid * 1_000_000)
            if progress is not None:
                progress(number + 1, len(self._commits), count)
        for finding in files.unmet() if read else [self._tell_nothing()]:
            self._told.add(finding)

    def _batch(self, commit: pygit2.Commit, changes: tuple[Change, ...], valid: Instant) -> Batch:
        subject = commit.message.strip().partition("\n")[0].strip()
        by = commit.author.name.strip()
        return Batch(changes=changes, by=by, why=subject, source=self._recipe.name, valid=valid)

    def _changes(
        self,
        touches: list[Touch],
        commit: pygit2.Commit,
        standing: Standing,
        files: Files,
        when: When,
        loud: bool,
    ) -> tuple[Change, ...]:
        """What one commit changes."""
        revision = str(commit.id)
        steps: list[FileStep] = []
        findings: list[Finding] = []
        for touch in touches:
            step = self._step(touch, files)
            if isinstance(step, Finding):
                findings.append(step)
            else:
                steps.append(step)
        work = Step(standing, revision=revision, when=when)
        changes = work.take(steps) if steps else ()
        for finding in (*findings, *work.findings) if loud else ():
            self._told.add(finding, revision)
        return changes

    def _step(self, touch: Touch, files: Files) -> FileStep | Finding:
        if touch.blob is None:
            return files.drop(touch.path)
        try:
            # Half the time of a look-up by the repository, which copies the content.
            sort, data = self._repository.odb.read(touch.blob)
        except (KeyError, ValueError, pygit2.GitError) as problem:
            says = f"the file's content cannot be read: {problem}"
            hint = "run 'git fsck' there, and fetch what is broken or missing"
            return error("SOURCE034", says, hint=hint, place=Place(file=touch.path))
        if sort != ObjectType.BLOB:
            return files.drop(touch.path)
        return files.take(touch.path, touch.before, data)

    def _touches(self, before: pygit2.Commit | None, commit: pygit2.Commit) -> list[Touch]:
        """The files of the recipe that a commit touches; renames are followed."""
        try:
            if before is None:
                diff = commit.tree.diff_to_tree(swap=True)
            elif before.tree_id == commit.tree_id:
                return []
            else:
                diff = before.tree.diff_to_tree(commit.tree, flags=DiffOption.INCLUDE_TYPECHANGE)
            statuses = {delta.status for delta in diff.deltas}
            if DeltaStatus.ADDED in statuses and DeltaStatus.DELETED in statuses:
                diff.find_similar(flags=DiffFind.FIND_RENAMES, rename_threshold=ALIKE)
        except (KeyError, ValueError, pygit2.GitError) as problem:
            says = f"commit '{str(commit.id)[:10]}' cannot be read: {problem}"
            hint = "run 'git fsck' there, and fetch what is broken or missing"
            raise Refused([error("SOURCE034", says, hint=hint, value=str(commit.id))]) from None
        touches = [touch for delta in diff.deltas for touch in self._touch(delta)]
        return sorted(touches, key=lambda touch: (touch.blob is not None, touch.path))

    def _touch(self, delta: pygit2.DiffDelta) -> Iterator[Touch]:
        old, new = delta.old_file.path, delta.new_file.path
        reads = self._recipe.reads_file
        if delta.status == DeltaStatus.DELETED:
            if reads(old):
                yield Touch(old, old, None)
            return
        renamed = delta.status == DeltaStatus.RENAMED and old != new
        if renamed and reads(old) and not reads(new):
            yield Touch(old, old, None)
        elif reads(new):
            before = old if renamed and reads(old) else new
            yield Touch(new, before, delta.new_file.id)

    def _tell_back(self, commit: pygit2.Commit) -> None:
        revision = str(commit.id)
        says = "the commit is dated before its parent; its parent's time is used"
        place = Place(file=revision[:10])
        self._told.add(notice("SOURCE035", says, hint="nothing to do", place=place))

    def _tell_nothing(self) -> Finding:
        """No file was ever read: say what there is."""
        seen = _paths(self._commits[-1].tree)
        return nothing_read(self._recipe, seen)


def nothing_read(recipe: Recipe, seen: Iterator[str]) -> Finding:
    """A finding that no file fits the recipe, with some of those seen."""
    names = []
    for path in seen:
        names.append(path)
        if len(names) > SHOWN:
            break
    globs = ", ".join(f"'{glob}'" for glob in recipe.reads)
    listed = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
    hint = f"mend 'reads:' in the recipe; seen were: {listed or 'no files at all'}"
    return warning("SOURCE030", f"no file fits {globs}", hint=hint, place=Place(file=recipe.file))


def _tip(repository: pygit2.Repository, branch: str) -> pygit2.Commit:
    """The newest commit of a branch, of HEAD, or of the only branch there is."""
    names = list(repository.references)
    wanted = [f"refs/heads/{branch}", f"refs/remotes/origin/{branch}", branch] if branch else []
    usual = ["HEAD", "refs/heads/main", "refs/heads/master"]
    heads = [name for name in names if name.startswith("refs/heads/")]
    for name in wanted or [*usual, *heads]:
        try:
            return repository.lookup_reference(name).peel(pygit2.Commit)
        except (KeyError, ValueError, pygit2.GitError):
            continue
    shown = ", ".join(name.removeprefix("refs/heads/") for name in heads[:SHOWN])
    says = f"there is no branch '{branch}'" if branch else "there is no commit to read"
    hint = f"say 'branch:' in the recipe; there are: {shown}" if shown else "commit something first"
    raise Refused([error("SOURCE032", says, hint=hint, value=branch)])


def _first_parents(
    repository: pygit2.Repository, tip: pygit2.Commit, told: Findings
) -> list[pygit2.Commit]:
    """Commits along first parents, oldest first."""
    commits = [tip]
    while commits[-1].parent_ids:
        parent = commits[-1].parent_ids[0]
        try:
            commits.append(repository[parent].peel(pygit2.Commit))
        except (KeyError, ValueError, pygit2.GitError) as problem:
            if repository.is_shallow:
                says = "the history is cut off here; what came before is missing"
                hint = "run 'git fetch --unshallow' there"
                place = Place(file=str(commits[-1].id)[:10])
                told.add(warning("SOURCE036", says, hint=hint, place=place))
                break
            says = f"commit '{str(parent)[:10]}' cannot be read: {problem}"
            hint = "run 'git fsck' there, and fetch what is broken or missing"
            raise Refused([error("SOURCE034", says, hint=hint, value=str(parent))]) from None
    commits.reverse()
    return commits


def _paths(tree: pygit2.Tree, under: str = "") -> Iterator[str]:
    """The paths of the files in a tree."""
    for each in tree:
        path = str(PurePosixPath(under, each.name or ""))
        if isinstance(each, pygit2.Tree):
            yield from _paths(each, path)
        else:
            yield path


def instant_reader(told: Findings, parse: Callable[[str], Instant]) -> When:
    """From a record's own text for its time to an instant; findings for others."""

    def when(text: str) -> Instant | None:
        if not text:
            return None
        try:
            return parse(text)
        except Refused as problem:
            for finding in problem.findings:
                told.add(finding)
            return None

    return when
