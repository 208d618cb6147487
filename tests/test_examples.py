"""The examples in docstrings run and print what they say; every folder has some.

An example knows the names that its own module knows.
"""

import doctest
from importlib import import_module

import pytest

from tests.house import FLOOR_OF, GROUND, PACKAGE_PREFIXES, SOURCES, room_of

WITHOUT = {*GROUND, "ui", "cli"}  # nobody calls these from Python
FOLDERS = [r for r in FLOOR_OF if f"poolviz.{r}." in PACKAGE_PREFIXES and r not in WITHOUT]
FEWEST = 2  # examples of a folder
MODULES = [name for name, source in SOURCES.items() if ">>> " in source]


def examples_of(name: str) -> list[doctest.DocTest]:
    """The examples of a module, one for each docstring that has any."""
    found = doctest.DocTestFinder(exclude_empty=True).find(import_module(name))
    return [test for test in found if test.examples]


@pytest.mark.usefixtures("nobodys_machine")
@pytest.mark.parametrize("name", MODULES)
def test_examples_print_what_they_say(name):
    runner = doctest.DocTestRunner(verbose=False)
    examples = examples_of(name)
    told: list[str] = []
    for example in examples:
        runner.run(example, out=told.append)
    assert examples and not runner.failures, "".join(told)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_examples(folder):
    modules = [name for name in MODULES if room_of(name) == folder]
    assert sum(len(examples_of(name)) for name in modules) >= FEWEST


def test_a_wrong_example_is_found():
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3", {}, "wrong", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(test, out=lambda _told: None).failed == 1
