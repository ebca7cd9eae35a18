"""Our source as syntax trees: what the architecture tests look at."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("chassis", "services", "gateway", "deploy")


@dataclass(frozen=True)
class Source:
    """One file of ours."""

    path: Path

    @property
    def name(self) -> str:
        """The path inside the repository: what a failing test shows."""
        return str(self.path.relative_to(ROOT))

    @property
    def package(self) -> str:
        """The package the file lies in, with dots."""
        return ".".join(self.path.parent.relative_to(ROOT).parts)

    @property
    def service(self) -> str:
        """The package of the service the file belongs to: `services.reception`, `gateway`."""
        parts = self.package.split(".")
        return ".".join(parts[:2] if parts[0] == "services" else parts[:1])

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _parsed(self)

    def walk(self) -> Iterator[ast.AST]:
        yield from ast.walk(self.tree)

    @cached_property
    def imports(self) -> Sequence[tuple[int, str]]:
        """Every imported module with its line; `from a.b import c` gives both `a.b` and `a.b.c`."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[tuple[int, str]]:
        for node in self.walk():
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.lineno, node.module
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


def sources(*folders: str, called: str = "*.py") -> list[Source]:
    """Our files under these folders whose name fits."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob(called)))
    return [_source(path) for path in found if "__pycache__" not in path.parts]


@cache
def _source(path: Path) -> Source:
    """The same for all who look at the file, so that it is read once."""
    return Source(path)


@lru_cache(maxsize=1)
def _parsed(source: Source) -> ast.Module:
    """Only the last is kept: the trees of all files are a million objects, which every collection of garbage visits."""
    return ast.parse(source.text, source.name)


def docstrings(tree: ast.AST) -> set[int]:
    """The identities of the constants that are docstrings."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, kinds))
    first = (body[0] for body in bodies if body)
    return {id(node.value) for node in first if isinstance(node, ast.Expr)}


def called(node: ast.Call) -> str:
    """The name of what is called: `scoped`, `pytest.skip`, `execute`."""
    return ast.unparse(node.func)
