"""document.py - what docs/dataset.md says of a dataset, against one; its examples, taken out.

    document.py describes FILE.md FILE.nc PARAMETERS
                                              every variable, its dimensions, unit and flags; attributes, all
                                              parameters that are not swept among them
    document.py take LANGUAGE FILE.md [WORD]  the blocks of that language, one after another, that hold WORD

Exit code 1 and an AssertionError where it is not so.
"""
import re
import sys

AXES = ("objective", "depth", "init_scale", "spectrum", "seed")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def take(language, path, word=""):
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", read(path), re.MULTILINE | re.DOTALL)
    found = [block for block in blocks if word in block]
    assert found, f"no {language} in {path}"
    print("\n".join(found))


def rows(text, columns):
    """Rows of tables of so many columns whose first cell is code."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == columns and re.fullmatch("`[a-z_]+`", cells[0]):
            yield cells[0].strip("`"), *cells[1:]


def describes(path, data_path, parameters):
    import netCDF4
    text, d = read(path), netCDF4.Dataset(data_path)
    told = {}
    for name, dims, unit, _ in rows(text, 4):
        told[name] = tuple(dim for word in dims.split(", ") for dim in (AXES if word == "axes" else (word,)))
        assert d[name].dimensions == told[name], name
        assert d[name].units == unit, name
    assert set(told) == set(d.variables) - set(AXES), set(told) ^ (set(d.variables) - set(AXES))
    flags = {name: words.split(", ") for name, words in rows(text, 2)}
    assert flags == {name: v.flag_meanings.split() for name, v in d.variables.items() if "flag_meanings" in v.ncattrs()}
    settings = set(parameters.split()) - set(d.dimensions)
    assert settings <= set(d.ncattrs()), settings
    for name in set(d.ncattrs()) - settings:
        assert f"`{name}`" in text, name


{"describes": describes, "take": take}[sys.argv[1]](*sys.argv[2:])
