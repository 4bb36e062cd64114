"""Source: backstage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from latticework.base.findings import Finding, Place, warning
from latticework.sources.recipes.picks import spread
from latticework.sources.shaping import at, keep, text_at
from latticework.sources.source import source
from latticework.sources.tree import (
    Fields,
    Items,
    Read,
    Said,
    Tree,
    line_of,
)
from latticework.sources.yaml import documents_of, tree_of

_DEFAULT = "default"
_ENTITY = re.compile(r"(?:^(?:- )?|[{,]\s*)\"?apiVersion\"?:\s*[\"']?backstage\.io/", re.M)
_REF = re.compile(r"(?:([^:/\s]+):)?(?:([^:/\s]+)/)?([^:/\s]+)")
_HEAD = ("title", "description", "tags", "labels", "annotations", "links")
_SPOKEN = {
    "owner": ("owned by", "group"),
    "system": ("part of", "system"),
    "domain": ("part of", "domain"),
    "subcomponentOf": ("part of", "component"),
    "subdomainOf": ("part of", "domain"),
    "parent": ("child of", "group"),
    "children": ("parent of", "group"),
    "members": ("has member", "user"),
    "memberOf": ("member of", "group"),
    "providesApis": ("provides", "api"),
    "consumesApis": ("consumes", "api"),
    "dependsOn": ("depends on", "component"),
    "dependencyOf": ("dependency of", "component"),
}
"""Names in a spec that hold refs: the relation, and the kind of a ref that names none."""
_RELATIONS = {
    "ownedBy": "owned by",
    "ownerOf": "owner of",
    "partOf": "part of",
    "hasPart": "has part",
    "childOf": "child of",
    "parentOf": "parent of",
    "memberOf": "member of",
    "hasMember": "has member",
    "providesApi": "provides",
    "apiProvidedBy": "provided by",
    "consumesApi": "consumes",
    "apiConsumedBy": "consumed by",
    "dependsOn": "depends on",
    "dependencyOf": "dependency of",
}


class _Named(NamedTuple):
    """What an entity goes by."""

    kind: str
    namespace: str
    name: str

    @property
    def shown(self) -> str:
        """Its name; with its namespace, where that is not the default one."""
        return self.name if self.namespace == _DEFAULT else f"{self.namespace}/{self.name}"


def _fits(text: str) -> bool:
    return _ENTITY.search(text) is not None


@source(fits=_fits)
def backstage(text: str) -> Read:
    """A Backstage catalog: every entity of a file, however many documents.

    An entity has its `id` (`component:default/web`), `kind` in lower case,
    `name` (with the namespace before it, unless that is `default`),
    `namespace`, `title`, `description`, `tags`, `labels`, `annotations`,
    `links`, what its spec says (`type`, `lifecycle`, `profile.email` …), and
    its relations by the kind they lead to, such as `owned by.group`, `owned
    by.user`, `part of.system`, `depends on.resource`, `provides.api`,
    `consumes.api`, `child of.group`, `member of.group`, `has member.user`.
    Short refs are completed with the default kind and the entity's namespace.
    """
    document = documents_of(text)
    findings = [*document.findings]
    items = Items(1, 1)
    for root in document.roots:
        for tree in spread(tree_of(root)):
            named = _named(tree)
            if named is None or not isinstance(tree, Fields):
                findings.append(_stray(tree))
                continue
            items.append(_entity(tree, named, findings))
    return Read(items, tuple(findings))


def _named(tree: Tree) -> _Named | None:
    """What a tree goes by; None where it is no entity."""
    kind, name = text_at(tree, "kind").strip(), text_at(tree, "metadata", "name").strip()
    namespace = text_at(tree, "metadata", "namespace").strip() or _DEFAULT
    return _Named(kind.casefold(), namespace.casefold(), name) if kind and name else None


def _entity(tree: Fields, named: _Named, findings: list[Finding]) -> Fields:
    """An entity with its own values, and its relations by the kind at the other end."""
    line = line_of(at(tree, "metadata", "name"))
    out = Fields(tree.line, tree.column)
    out["id"] = Said(f"{named.kind}:{named.namespace}/{named.name}", line)
    out["kind"] = Said(named.kind, line_of(at(tree, "kind")))
    out["name"] = Said(named.shown, line)
    out["namespace"] = Said(named.namespace, line)
    for name in _HEAD:
        keep(out, name, at(tree, "metadata", name))
    spec = at(tree, "spec")
    for name, value in spec.items() if isinstance(spec, Fields) else ():
        if name in _SPOKEN:
            relation, kind = _SPOKEN[name]
            _relate(out, relation, (kind, named.namespace), value, findings)
        elif name not in out:
            keep(out, name, value)
    for each in spread(at(tree, "relations")):
        relation = _RELATIONS.get(text_at(each, "type"), text_at(each, "type"))
        target = at(each, "targetRef") or at(each, "target")
        if relation and target is not None:
            _relate(out, relation, ("", named.namespace), target, findings)
    return out


def _relate(
    out: Fields, relation: str, default: tuple[str, str], value: Tree, findings: list[Finding]
) -> None:
    """Note the entities to which a relation leads, by their kinds, each once."""
    held = out.get(relation)
    ends = held if isinstance(held, Fields) else Fields(line_of(value))
    for each in _refs(value):
        named = _parsed(each, default)
        if named is None or not named.kind:
            findings.append(_no_ref(each))
            continue
        names = ends.setdefault(named.kind, Items(line_of(each)))
        if isinstance(names, Items) and named.shown not in names:
            names.append(Said(named.shown, line_of(each)))
    keep(out, relation, ends)


def _refs(value: Tree) -> Iterator[Said | Fields]:
    for each in spread(value):
        if isinstance(each, Said | Fields):
            yield each


def _parsed(ref: Said | Fields, default: tuple[str, str]) -> _Named | None:
    """An entity's ref in any of its forms; None where it is none."""
    kind, namespace = default
    if isinstance(ref, Fields):
        name = text_at(ref, "name")
        kind, namespace = text_at(ref, "kind") or kind, text_at(ref, "namespace") or namespace
        return _Named(kind.casefold(), namespace.casefold(), name) if name else None
    found = _REF.fullmatch(ref.strip())
    if found is None:
        return None
    kind, namespace = found[1] or kind, found[2] or namespace
    return _Named(kind.casefold(), namespace.casefold(), found[3])


def _stray(tree: Tree) -> Finding:
    place = Place(line=line_of(tree))
    hint = "give it 'kind:' and 'metadata: name:', or leave the file out with 'skip:'"
    return warning("SOURCE070", "a document is no entity of a catalog", hint=hint, place=place)


def _no_ref(ref: Said | Fields) -> Finding:
    shown = str(ref) if isinstance(ref, Said) else "named values"
    hint = "write it as kind:namespace/name"
    place = Place(line=line_of(ref))
    says = f"'{shown}' is no ref of an entity"
    return warning("SOURCE071", says, hint=hint, place=place, value=shown)
