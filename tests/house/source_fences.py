"""
The fences that read source code. Each takes the root of a package and returns what it found.

A fence is a function of a folder so that it can be pointed at planted code and seen to fail.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import PythonFile, python_files

#: Modules named after a layer or after nothing grow without end.
BANNED = frozenset(
    {
        *("util", "utils", "helper", "helpers", "common", "misc", "base", "core", "shared"),
        *("manager", "managers", "handler", "handlers", "processor", "processors"),
        *("service", "services", "rules2"),
    }
)
#: `settings/base.py` is what Django's own tradition calls it, and the architecture names it.
BANNED_EXEMPT = frozenset({"settings/base.py"})

#: Who may read the environment, and why.
ENVIRONMENT_READERS = {
    "settings/environment.py": "the one place that types it",
    "settings/wsgi.py": "sets the default settings module before Django starts",
    "operations/launch": "runs before Django, and passes an environment on",
    "operations/__main__.py": "sets the default settings module before Django starts",
    "operations/cli.py": "sets the default settings module before Django starts",
}

#: Apps whose modules are not entered through a door: the kernel is imported by module.
WITHOUT_DOOR = frozenset({"kernel", "settings"})

#: Apps in which a float could become money.
MONEY_APPS = frozenset(
    {
        *("kernel", "policies", "ledger", "accounts", "assets", "wallet", "trading", "earn"),
        *("loans", "loyalty", "reserves", "closure", "gateway"),
    }
)

FUNCTION_LINES_MAX = 60
FUNCTION_LINES_P95_MAX = 40
SOURCE_LINES_MAX = 400
TEST_LINES_MAX = 600
COLUMNS_MAX = 100
_PLAIN_TEXT = frozenset({".py", ".sql", ".js", ".css", ".toml"})
_ISOLATION = re.compile(r"repeatable[ _]read|serializable", re.IGNORECASE)
_PRAGMA = re.compile(r"\s*# (noqa|type):.*$")
_SQL_CLOCK = re.compile(
    r"(?<![\w.])(now|clock_timestamp|transaction_timestamp|statement_timestamp)\(\)"
    r"|\bcurrent_(timestamp|date|time)\b",
    re.IGNORECASE,
)
_SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def entered_past_the_door(root: Path) -> list[str]:
    """Find imports of another app's insides; `<app>.api` is the door."""
    apps = {path.name for path in root.iterdir() if path.is_dir()}
    return [
        f"{file.name}:{line} imports {module}"
        for file in python_files(root)
        for line, module in _imports(file.tree)
        if _is_inside_another_app(module.split("."), package=root.name, app=file.app, apps=apps)
    ]


def _is_inside_another_app(parts: list[str], *, package: str, app: str, apps: set[str]) -> bool:
    if parts[0] != package or len(parts) < 3:
        return False
    entered, module = parts[1], parts[2]
    return entered in apps - WITHOUT_DOOR and entered != app and module != "api"


def relative_imports(root: Path) -> list[str]:
    """Find imports by dots, which hide whose door is used."""
    return [
        f"{file.name}:{node.lineno}"
        for file in python_files(root)
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def banned_names(root: Path) -> list[str]:
    """Find modules and folders named after a layer instead of a subject."""
    return [
        file.name
        for file in python_files(root)
        if BANNED & {part.removesuffix(".py").lstrip("_") for part in Path(file.name).parts}
        and file.name not in BANNED_EXEMPT
    ]


def signals(root: Path) -> list[str]:
    """Find imports of signals and uses of `@receiver`."""
    imported = [
        f"{file.name}:{line} imports {module}"
        for file in python_files(root)
        for line, module in _imports(file.tree)
        if module.startswith("django.dispatch") or ".signals" in f"{module}."
    ]
    received = [
        f"{file.name}:{function.lineno} receives a signal"
        for file in python_files(root)
        for function in _functions(file.tree)
        for decorator in function.decorator_list
        if "receiver" in ast.unparse(decorator)
    ]
    return imported + received


def auto_now(root: Path) -> list[str]:
    """Find columns that take the time by themselves."""
    return [
        f"{file.name}:{keyword.value.lineno}"
        for file in python_files(root, migrations=True)
        for call in _calls(file.tree)
        for keyword in call.keywords
        if keyword.arg in {"auto_now", "auto_now_add"}
    ]


def environment_reads(root: Path) -> list[str]:
    """Find readers of the environment other than `ENVIRONMENT_READERS`."""
    return [
        f"{file.name}:{node.lineno}"
        for file in python_files(root)
        if not any(file.name.startswith(reader) for reader in ENVIRONMENT_READERS)
        for node in ast.walk(file.tree)
        if _reads_environment(node)
    ]


def _reads_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    if isinstance(node, ast.Attribute):
        return node.attr in names and isinstance(node.value, ast.Name) and node.value.id == "os"
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool(names & {alias.name for alias in node.names})
    return False


def floats(root: Path) -> list[str]:
    """Find `float(...)`, and `Decimal` of a float, where money is computed."""
    return [
        f"{file.name}:{call.lineno} {ast.unparse(call)}"
        for file in python_files(root)
        if file.app in MONEY_APPS
        for call in _calls(file.tree)
        if _makes_a_float(call)
    ]


def _makes_a_float(call: ast.Call) -> bool:
    name = ast.unparse(call.func).rpartition(".")[2]
    of_float = any(isinstance(a, ast.Constant) and isinstance(a.value, float) for a in call.args)
    return name in {"float", "from_float"} or (name == "Decimal" and of_float)


def clock_reads(root: Path) -> list[str]:
    """Find business time taken elsewhere than by `kernel.clock`."""
    return [
        f"{file.name}:{call.lineno} {ast.unparse(call)}"
        for file in python_files(root)
        if file.name != "kernel/clock.py" and not file.name.startswith("operations/launch")
        for call in _calls(file.tree)
        if ast.unparse(call.func).endswith(
            ("datetime.now", "datetime.utcnow", "timezone.now", "date.today", "datetime.today")
        )
    ]


def clock_in_sql(root: Path) -> list[str]:
    """Find the database's clock used for anything but `recorded_at`."""
    in_python = [
        f"{file.name}:{line}"
        for file in python_files(root)
        for line, text in _code_and_strings(file)
        if text[-1:] in {'"', "'"}
        for row in text.splitlines()
        if _SQL_CLOCK.search(row) and "recorded_at" not in row
    ]
    in_sql = [
        f"{path.relative_to(root).as_posix()}:{number}"
        for path in sorted(root.rglob("*.sql"))
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if _SQL_CLOCK.search(_SQL_COMMENT.sub("", row)) and "recorded_at" not in row
    ]
    return in_python + in_sql


def other_isolation(root: Path) -> list[str]:
    """Find isolation levels other than READ COMMITTED, in code and SQL; prose may name them."""
    in_python = [
        f"{file.name}:{line}"
        for file in python_files(root, migrations=True)
        for line, text in _code_and_strings(file)
        if _ISOLATION.search(text)
    ]
    in_sql = [
        path.relative_to(root).as_posix()
        for path in sorted(root.rglob("*.sql"))
        if _ISOLATION.search(_SQL_COMMENT.sub("", path.read_text(encoding="utf-8")))
    ]
    return in_python + in_sql


def _code_and_strings(file: PythonFile) -> Iterator[tuple[int, str]]:
    """Yield tokens of a file that are no comments and no docstrings."""
    prose = set()
    for node in ast.walk(file.tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            prose.add(body[0].lineno)
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        if token.type != tokenize.COMMENT and token.start[0] not in prose:
            yield token.start[0], token.string


def long_functions(root: Path) -> list[str]:
    """Find functions longer than a screen."""
    return [
        f"{name}: {lines} lines"
        for name, lines in function_lengths(root)
        if lines > FUNCTION_LINES_MAX
    ]


def function_lengths(root: Path) -> list[tuple[str, int]]:
    """Return each function with its lines, from the first decorator to the end."""
    return [
        (f"{file.name}:{function.name}", (function.end_lineno or 0) - _start(function) + 1)
        for file in python_files(root)
        for function in _functions(file.tree)
    ]


def long_tail(root: Path) -> int:
    """Return the 95th percentile of the lengths of functions."""
    lengths = sorted(lines for _, lines in function_lengths(root))
    return lengths[int(len(lengths) * 0.95)] if lengths else 0


def long_files(root: Path, *, lines_max: int) -> list[str]:
    """Find files with more lines than `lines_max`."""
    counted = (
        (path.relative_to(root).as_posix(), len(path.read_text(encoding="utf-8").splitlines()))
        for path in _texts(root)
    )
    return [f"{name}: {lines} lines" for name, lines in counted if lines > lines_max]


def wide_lines(root: Path) -> list[str]:
    """Find lines of more than 100 columns."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}"
        for path in _texts(root)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        # The reason of an exception stands after the code, and may need its own room.
        if len(_PRAGMA.sub("", line)) > COLUMNS_MAX
    ]


def _texts(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        generated = "migrations" in path.parts and path.suffix == ".py"
        if path.suffix in _PLAIN_TEXT and path.is_file() and not generated:
            yield path


def unfrozen_sql(root: Path) -> list[str]:
    """Find SQL that people read and that is not what the newest migration ran."""
    found = []
    for read in sorted(root.glob("*/sql/*.sql")):
        frozen = sorted(
            path
            for path in read.parents[1].glob("migrations/*.sql")
            if path.stem.split("_", 1)[1] == read.stem
        )
        if not frozen:
            found.append(f"{read.relative_to(root)} was never run")
        elif frozen[-1].read_text(encoding="utf-8") != read.read_text(encoding="utf-8"):
            found.append(f"{read.relative_to(root)} differs from {frozen[-1].name}")
        elif not _is_loaded(frozen[-1]):
            found.append(f"{frozen[-1].name} is loaded by no migration")
    return found


def _is_loaded(frozen: Path) -> bool:
    """Whether the migration of its number has its name, or names it."""
    number, name = frozen.stem.split("_", 1)
    return any(
        path.stem == frozen.stem or f'"{name}"' in path.read_text(encoding="utf-8")
        for path in frozen.parent.glob(f"{number}_*.py")
    )


def empty_docstrings(root: Path) -> list[str]:
    """Find modules that do not say what their subject is."""
    return [
        file.name
        for file in python_files(root)
        if not (ast.get_docstring(file.tree) or "").strip()
        and "migrations" not in Path(file.name).parts
    ]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of everything imported: `from a import b` is `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def _start(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
