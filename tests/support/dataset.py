"""dataset.py - what the tests ask of a dataset.

    dataset.py holds FILE EXPRESSION...   each is true; in it v("name") is a variable as it stands in the file,
                                          a("name") an attribute of it, d the netCDF4.Dataset, np NumPy
    dataset.py same A B                   both say the same, bit for bit: dimensions, variables, attributes,
                                          numbers; but for who solved a point, how long it took, and when
    dataset.py forget FILE [N...]         make points N (of the plan; default: all) pending again
    dataset.py titles FILE TEXT...        copies of it with other titles: title-1.nc, title-2.nc ...
    dataset.py labels FILE TEXT...        copies of it in which each text axis has that as its labels: label-1.nc ...

Exit code 1, and a line that says why, where it is not so; 77 where Python has no netCDF4.
"""
import os
import shutil
import sys

try:
    import netCDF4
    import numpy as np
except ImportError:
    sys.exit(77)

OF_THE_RUN = ("seconds", "predicted_seconds", "rank", "point_ranks", "started", "run_started", "run_ranks")


def opened(path, mode="r"):
    dataset = netCDF4.Dataset(path, mode)
    dataset.set_auto_mask(False)
    dataset.set_auto_chartostring(False)
    return dataset


def attributes(thing, but=()):
    values = {name: thing.getncattr(name) for name in thing.ncattrs() if name not in but}
    return {name: value if isinstance(value, str) else np.asarray(value).tobytes() for name, value in values.items()}


def holds(path, *expressions):
    d = opened(path)
    known = {"d": d, "np": np, "v": lambda name: d[name][...], "a": d.getncattr}
    return [f"{path}: not true: {text}" for text in expressions if not eval(text, known)]


def same(path_a, path_b):
    a, b = opened(path_a), opened(path_b)
    wrong = []
    if attributes(a, but=("history",)) != attributes(b, but=("history",)):
        wrong.append("other attributes")
    if [(x.name, x.size) for x in a.dimensions.values()] != [(x.name, x.size) for x in b.dimensions.values()]:
        wrong.append("other dimensions")
    if list(a.variables) != list(b.variables):
        return wrong + ["other variables"]
    for name in a.variables:
        x, y = a[name], b[name]
        if x.dimensions != y.dimensions or x.dtype != y.dtype or attributes(x) != attributes(y):
            wrong.append(f"{name}: another shape, type or attribute")
        elif name not in OF_THE_RUN and x[...].tobytes() != y[...].tobytes():
            wrong.append(f"{name}: {np.sum(bytes_of(x) != bytes_of(y))} bytes differ")
    return wrong


def bytes_of(variable):
    return np.frombuffer(variable[...].tobytes(), np.uint8)


def forget(path, *points):
    d = opened(path, "r+")
    status = d["status"][...]
    status.flat[[int(n) for n in points] if points else slice(None)] = 0
    d["status"][...] = status
    d.close()
    return []


def titles(path, *texts):
    for k, text in enumerate(texts, 1):
        copy = shutil.copy(path, f"title-{k}.nc")
        d = opened(copy, "r+")
        d.title = text
        d.close()
    return []


def labels(path, *texts):
    for k, text in enumerate(texts, 1):
        a, b = opened(path), netCDF4.Dataset(f"label-{k}.nc", "w", format="NETCDF3_64BIT_DATA")
        b.set_auto_mask(False)
        of_text = {v.dimensions[1] for v in a.variables.values() if v.dtype == "S1"}
        for name, dimension in a.dimensions.items():
            b.createDimension(name, 256 if name in of_text else dimension.size)
        for v in a.variables.values():
            w = b.createVariable(v.name, v.dtype, v.dimensions, fill_value=getattr(v, "_FillValue", None))
            w.setncatts({n: v.getncattr(n) for n in v.ncattrs() if n not in ("_FillValue", "_Encoding")})
            if v.dtype == "S1":
                w[...] = np.frombuffer(os.fsencode(text)[:255].ljust(256, b"\0") * v.shape[0], "S1").reshape(v.shape[0], 256)
            else:
                w[...] = v[...]
        b.setncatts({n: a.getncattr(n) for n in a.ncattrs()})
        b.close()
    return []


wrong = {"holds": holds, "same": same, "forget": forget, "titles": titles, "labels": labels}[sys.argv[1]](*sys.argv[2:])
if wrong:
    sys.exit("\n".join(wrong))
