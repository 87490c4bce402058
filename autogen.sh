#!/bin/sh
# Make ./configure from configure.ac. Needs autoconf and automake; there is nothing to configure here.
set -eu
cd "$(dirname "$0")"
for program in autoreconf automake; do
    command -v "$program" >/dev/null || {
        echo "autogen.sh: $program is missing (Debian: apt-get install autoconf automake; Spack: autoconf automake)" >&2
        exit 3
    }
done
exec autoreconf --install --warnings=all
