#!/usr/bin/env python3
"""What each crate costs: processor time of a clean release build, and bytes in the program.

    CARGO_PROFILE_RELEASE_STRIP=none cargo build --release --timings --bin caltrack-tui --target-dir DIR
    benches/cost.py DIR

Bytes are those of the symbols whose name begins in the crate. Code that is generic is counted for the crate that it is made for
where its name tells, else for the standard library. Crates of C are counted by the archives that they are linked from, whose
unused parts are left out of the program. The time of a crate is that of its library and its build script; what linking takes,
which optimises the whole program, is a line of its own. Needs binutils (nm, c++filt, size).
"""

import collections
import json
import pathlib
import re
import subprocess
import sys

STANDARD = {"core", "alloc", "std", "hashbrown", "compiler_builtins"}
ARCHIVES = {"libsqlite3-sys": "libsqlite3.a", "rquickjs-sys": "libquickjs.a", "ring": "libring_core*.a"}


def output(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def seconds(target):
    """Seconds by package, and of the last step."""
    page = (target / "cargo-timings" / "cargo-timing.html").read_text()
    units = json.loads(re.search(r"const UNIT_DATA = (\[.*?\]);\n", page, re.S)[1])
    spent = collections.Counter()
    for unit in units:
        linking = unit["name"] == "caltrack-tui" and "bin" in unit["target"]
        spent["(linking the program)" if linking else unit["name"]] += unit["duration"]
    return spent


def sizes(target):
    """Bytes by package."""
    lock = pathlib.Path(__file__).parent.parent / "Cargo.lock"
    packages = re.findall(r'^name = "([^"]+)"', lock.read_text(), re.M)
    package_of = {package.replace("-", "_"): package for package in packages} | {"dynoxide": "dynoxide-rs"}
    rows = [row.split() for row in output("nm", "-S", target / "release" / "caltrack-tui").splitlines()]
    rows = [(name, int(size, 16)) for _, size, kind, name in (row for row in rows if len(row) == 4) if kind not in "bB"]
    names = output("c++filt", text="\n".join(name for name, _ in rows)).splitlines()
    taken = collections.Counter()
    for (mangled, size), name in zip(rows, names):
        if not mangled.startswith(("_R", "_ZN")):
            continue
        crates = re.findall(r"\b([a-z_][a-z0-9_]*)(?=(?:\[[0-9a-f]+\])?::)", name)
        known = [crate for crate in crates if crate in package_of and crate not in STANDARD]
        taken[package_of[known[0]] if known else "(standard library)"] += size
    for package, archive in ARCHIVES.items():
        found = sorted(target.glob(f"release/build/{package}-*/out/{archive}"))
        if found:
            text, data = output("size", "-t", found[-1]).splitlines()[-1].split()[:2]
            taken[package] += int(text) + int(data)
    return taken


def main():
    target = pathlib.Path(sys.argv[1])
    spent, taken = seconds(target), sizes(target)
    print(f"{sum(spent.values()):.0f} s, {sum(taken.values()) / 1e6:.1f} MB\n")
    print("| crate | build, s | in the program, kB |\n|---|---|---|")
    packages = set(spent) | set(taken)
    for package in sorted(packages, key=lambda package: -(spent[package] + taken[package] / 5e4)):
        if spent[package] >= 4 or taken[package] >= 150_000:
            print(f"| {package} | {spent[package]:.0f} | {taken[package] / 1e3:.0f} |")


if __name__ == "__main__":
    main()
