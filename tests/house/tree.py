"""The repository as the fences see it: files, their text, their syntax."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src" / "mooring"
TESTS = REPOSITORY / "tests"


@dataclass(frozen=True)
class PythonFile:
    """
    A Python file below `root`.

    Args:
        root: the folder of the package; the first folder below it is the app.
    """

    root: Path
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @property
    def app(self) -> str:
        return self.path.relative_to(self.root).parts[0].removesuffix(".py")


def python_files(root: Path, *, migrations: bool = False) -> Iterator[PythonFile]:
    """Yield the Python files below `root`; frozen migrations only when asked."""
    for path in sorted(root.rglob("*.py")):
        if migrations or "migrations" not in path.parts or path.name == "__init__.py":
            yield PythonFile(root, path)


def layers(pyproject: Path = REPOSITORY / "pyproject.toml") -> list[str]:
    """Return the apps of the layers contract, lowest first."""
    contracts = tomllib.loads(pyproject.read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = (contract for contract in contracts if contract["type"] == "layers")
    return [layer.strip("()") for layer in reversed(contract["layers"])]
