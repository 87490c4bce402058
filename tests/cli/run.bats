#!/usr/bin/env bats
#
# run.bats - run and theory: where they write, what they say, how they go on, --set.
# shellcheck disable=SC2154 # out, err ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

# ---- run: where it writes, what it says ----

@test "run writes INPUT.nc in the folder where it is called" {
    mkdir elsewhere
    mv in.yaml elsewhere/my.input.yaml
    call 0 run elsewhere/my.input.yaml
    [ "$(find . -type f | sort | tr '\n' ' ')" = "./elsewhere/my.input.yaml ./my.input.nc " ]
}

@test "run says at last what is complete and how well it agrees, on stderr" {
    call 0 run in.yaml
    [ ! -s "$out" ]
    [[ $(tail -n 1 "$err") == *"8 of 8 points solved, 0 failed, critical times within "*" of the exact ones"*"in.nc"* ]]
}

@test "run --quiet says nothing" {
    call 0 run in.yaml -q
    [ ! -s "$out" ]
    [ ! -s "$err" ]
}

@test "run again finds everything there, and changes nothing" {
    look_for_leaks
    call 0 run in.yaml
    before=$(cksum in.nc)
    call 0 run in.yaml
    has "$err" "8 of 8 points are there already"
    [ "$(cksum in.nc)" = "$before" ]
}

@test "run --fresh starts over, in another sweep's file too" {
    call 0 run in.yaml -o out.nc
    call 0 run in.yaml -o out.nc --set depth=3 --fresh
    holds out.nc 'list(v("depth")) == [3]' '(v("status") == 1).all()'
}

@test "title, comments and layout may change between two runs" {
    call 0 run in.yaml -o out.nc
    line 1 $'title: "Another title"\n# and a comment'
    line 4 '  depth: [ 1, 2.0e0 ]'
    call 0 run in.yaml -o out.nc
    has "$err" "8 of 8 points are there already"
}

@test "an input of 1 MB is read" {
    head -c 1000000 /dev/zero | tr '\0' '#' >>in.yaml
    call 0 run in.yaml
    holds in.nc 'len(a("input")) > 1000000'
}

# ---- --set ----

# set ARG...: the dataset that theory writes with these overrides
set_to() {
    call 0 theory in.yaml -o out.nc "$@"
}

@test "--set of a value" {
    set_to --set depth=3
    holds out.nc 'list(v("depth")) == [3]' 'a("overrides").startswith("depth=3\n")'
}

@test "--set=KEY=VALUE" {
    set_to --set=init_scale=0.05
    holds out.nc 'list(v("init_scale")) == [0.05]'
}

@test "--set of a list" {
    set_to --set 'depth=[3, 1]'
    holds out.nc 'list(v("depth")) == [3, 1]'
}

@test "--set of a range" {
    set_to --set 'init_scale={from: 1.0e-4, to: 1.0e-1, count: 4, spacing: log}'
    holds out.nc 'list(v("init_scale")) == [1e-4, 1e-3, 1e-2, 1e-1]'
}

@test "--set of a word" {
    set_to --set objective=mae --set spectrum=far
    holds out.nc 'v("objective").tobytes() == b"mae"' 'v("spectrum").tobytes() == b"far"' 'list(v("rho")[0]) == [0.7, 0.7]'
}

@test "--set of a setting" {
    set_to --set threshold=0.9
    holds out.nc 'a("threshold") == 0.9'
}

@test "--set of a setting to a list makes it an axis" {
    set_to --set 'threshold=[0.1, 0.9]' --set init_scale=0.001
    holds out.nc 'd["status"].dimensions[-1] == "threshold"' 'list(v("threshold")) == [0.1, 0.9]' \
        '(v("critical_time_theory")[..., 0, :] < v("critical_time_theory")[..., 1, :]).all()'
}

@test "--set of a path" {
    set_to --set spectra.near.rho='[0.6, 0.9]' --set flow.threshold=0.4
    holds out.nc 'list(v("rho")[0]) == [0.6, 0.9]' 'a("threshold") == 0.4'
}

@test "--set of a spectrum that was not there" {
    set_to --set 'spectra.new={lambda: 2.0, rho: 0.5}' --set spectrum=new
    holds out.nc 'v("lambda").tolist() == [[2.0]]'
}

@test "--set of the title" {
    set_to --set 'title=Another title'
    holds out.nc 'a("title") == "Another title"'
}

@test "--set into a section left empty" {
    line 9 '# nothing here'
    set_to --set threshold=0.4
    holds out.nc 'a("threshold") == 0.4'
}

@test "--set twice of the same key: the last counts" {
    set_to --set depth=3 --set depth=4
    holds out.nc 'list(v("depth")) == [4]' 'a("overrides").startswith("depth=3\ndepth=4\n")'
}

@test "--set is part of what a run goes on with" {
    call 0 run in.yaml -o out.nc --set depth=3
    call 0 run in.yaml -o out.nc --set depth=3
    refused "out.nc: holds the results of another plan" run in.yaml -o out.nc
}

# ---- theory ----

@test "theory writes INPUT-theory.nc: all points done, nothing measured" {
    call 0 theory in.yaml
    [ "$(ls)" = "$(printf 'in-theory.nc\nin.yaml')" ]
    holds in-theory.nc '(v("status") == 1).all()' 'np.isnan(v("critical_time")).all()' \
        'np.isfinite(v("critical_time_theory")).all()' '(v("critical_time_status") == 5).all()' '(v("model") == 1).all()' \
        '"sample" not in d.dimensions' '(v("steps") == 0).all()' 'np.isnan(v("final_projection")).all()'
}

@test "theory is the formulas: exact times by quadrature, series, plateaus" {
    "${PYTHON3:-false}" -c 'import netCDF4, scipy' || skip "no Python with netCDF4 and SciPy"
    call 0 theory in.yaml -o out.nc --set 'depth=[1, 2, 3, 8]' --set 'init_scale=[1.0e-4, 1.0e-2, 0.3]'
    "$PYTHON3" "$top_srcdir/tests/dataset/check.py" theory_is_the_integral out.nc
    holds out.nc '(v("critical_time_status") == 2).any()' # some start above, and say so
}

@test "theory and run say the same of the same points" {
    call 0 theory in.yaml -o a.nc
    call 0 run in.yaml -o b.nc
    holds a.nc 'all(v(n).tobytes() == __import__("netCDF4").Dataset("b.nc")[n][...].tobytes()
        for n in ("critical_time_theory", "critical_time_series", "plateau", "lambda", "rho"))'
}

@test "theory goes on, or starts over where told to" {
    call 0 theory in.yaml -o out.nc
    call 0 theory in.yaml -o out.nc
    call 0 theory in.yaml -o out.nc --set depth=5 --fresh
    holds out.nc 'list(v("depth")) == [5]'
}
