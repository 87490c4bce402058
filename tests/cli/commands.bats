#!/usr/bin/env bats
#
# commands.bats - what each command says, what it writes and where, and how it ends. Wrong input: wrong-input.bats;
# the dataset itself: tests/dataset; ranks, signals, resuming: tests/ranks.
# shellcheck disable=SC2154 # out, err, GNUPLOT ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

parameters="objective depth init_scale spectrum seed angle asymmetry pairs start predictor imbalance noise width ema_rate
    stop_gradient weight_decay predictor_rate model integrator tolerance threshold horizon rotation max_steps
    ranks_per_point group_width samples"

# ---- --help and --version ----

@test "--help names every command" {
    for word in --help -h help; do
        call 0 "$word"
        for command in run plan theory merge status report plot; do
            has "$out" "jepaflow $command "
        done
        has "$out" "jepaflow --version" "jepaflow COMMAND --help"
        [ ! -s "$err" ]
    done
}

@test "run --help names every option, parameter, default and exit code" {
    call 0 run --help
    has "$out" "usage: " "--output OUT.nc" "--set KEY=VALUE" "--walltime HH:MM:SS" "--fresh" "--dry-run" "--quiet" \
        "-o, " "-q, "
    for parameter in $parameters; do
        has "$out" " $parameter "
    done
    has "$out" "a whole number from 1 to 1024" "1.0e-6" "75 stopped early"
    [ ! -s "$err" ]
}

@test "plan --help names every option and parameter" {
    call 0 plan --help
    has "$out" "usage: jepaflow plan INPUT.yaml" "--ranks N" "--set KEY=VALUE"
    for parameter in $parameters; do
        has "$out" " $parameter "
    done
}

@test "theory --help names every option" {
    call 0 theory --help
    has "$out" "usage: jepaflow theory INPUT.yaml" "--output OUT.nc" "--set KEY=VALUE" "--fresh"
}

@test "status --help, report --help and plot --help name what they read, options and exit codes" {
    call 0 status --help
    has "$out" "usage: jepaflow status OUT.nc" "75 some pending"
    call 0 report --help
    has "$out" "usage: jepaflow report OUT.nc" "75 some pending" "--ranks" "--format FORMAT" \
        "--section NAME[,NAME...]" "--select AXIS=VALUES,..." "-o, --output FILE" "--all" "text, json, csv or markdown" \
        "exponents " "rank_quantiles "
    call 0 plot -h
    has "$out" "usage: jepaflow plot OUT.nc" "--output DIR" "--format FORMAT" "png, pdf or svg" "--kind KIND[,KIND...]"
}

@test "help touches nothing, whatever else is asked" {
    before=$(snapshot)
    call 0 run in.yaml -o out.nc --help
    [ "$(snapshot)" = "$before" ]
}

@test "--version names the libraries that serve" {
    call 0 --version
    [[ $(head -n 1 "$out") =~ ^jepaflow\ [0-9]+\.[0-9]+ ]]
    grep -qE '^  MPI +.*MPI' "$out"
    grep -qE '^  BLIS +[0-9.]+.*, [a-z0-9_]+ kernels, [0-9]+ thread' "$out"
    grep -qE '^  ScaLAPACK +' "$out"
    grep -qE '^  NetCDF +[0-9]+\.[0-9]+' "$out"
    grep -qE '^  SUNDIALS +[0-9]+\.[0-9]+' "$out"
    grep -qE '^  compiler +' "$out"
    [ ! -s "$err" ]
}

# ---- plan and --dry-run ----

@test "plan counts points, features and samples" {
    call 0 plan in.yaml
    has "$out" "Two spectra" "8 points of 2 features, 4 samples each"
    grep -qE '^  objective +2 +jepa,? mae$' "$out"
    grep -qE '^  depth +2 +1,? 2$' "$out"
    grep -qE '^  init_scale +1 +0\.1$' "$out"
    grep -qE '^  spectrum +2 +near,? far$' "$out"
    grep -qE '^  seed +1 +1$' "$out"
    [ ! -s "$err" ]
}

@test "plan shares the work out: 100 % on each axis" {
    line 3 '  depth: [1, 2, 3, 5, 8]'
    call 0 plan in.yaml
    awk '/predicted work, by axis/ { on = 1; next }
        on && /^$/ { on = 0 }
        on && / %$/ {
            if (NF == 6) { axis = $1 }
            sum[axis] += $(NF - 1)
        }
        END {
            for (axis in sum) {
                print axis, sum[axis]
                axes++
                if (sum[axis] < 99.7 || sum[axis] > 100.3) { wrong = 1 }
            }
            exit axes != 3 || wrong # objective, depth, spectrum: axes of one value have no shares
        }' "$out"
}

# column N: that column of the table of ranks
column() {
    awk -v column="$1" '/ranks +time/ { on = 1; next } on && /^$/ { exit } on { print $column }' "$out" | tr '\n' ' '
}

@test "plan --ranks predicts one line for each number" {
    call 0 plan in.yaml --ranks 1,3,1000
    [ "$(column 1)" = "1 3 1000 " ]
    grep -qE '^ +1 .* computes ' "$out"
    grep -qE '^ +1000 .* dedicated .* the start$' "$out"
}

@test "plan says how many ranks pay, and what twice as many would bring" {
    line 3 '  depth: [1, 2, 3, 5, 8]'
    call 0 plan in.yaml --ranks 1
    has "$out" "Up to 1 rank pays: "
    call 0 plan in.yaml --set model=layers --set integrator=rkc --set tolerance=1.0e-9 --set init_scale=1.0e-4 --ranks 1
    grep -qE '^  Up to [0-9]+ ranks pay: .*, efficiency [0-9]+ %\. [0-9]+ would take .* \([0-9]+ %.*\)\.$' "$out"
}

@test "plan says what limits: the longest point, or records at rank 0, from how many ranks on" {
    call 0 plan in.yaml --set model=layers --set integrator=rkc --set tolerance=1.0e-9 --set init_scale=1.0e-4 --ranks 500
    has "$out" "the longest point"
    [ "$(grep -c 'records at rank 0' "$out")" = 0 ]
    call 0 plan in.yaml --set 'seed={from: 1, to: 20000, count: 20000}' --set model=theory --ranks 100
    has "$out" "records at rank 0" " on, records at rank 0 are the limit: taking in and writing" "160000 of them"
}

@test "plan says that groups are smaller where few ranks compute, and what auto would bring" {
    line 6 '  near: {lambda: 1.0, rho: {from: 0.7, to: 1.0, count: 512}}'
    call 0 plan in.yaml --ranks 2,16 --set ranks_per_point=8
    grep -qE '^ +2 .* 2\* ' "$out"
    grep -qE '^ +16 .* 8  ' "$out"
    has "$out" "* of the 8 of flow.ranks_per_point, as many as compute"
    call 0 plan in.yaml --ranks 2,64
    has "$out" "With flow.ranks_per_point: auto (groups of "
    call 0 plan in.yaml --ranks 64 --set ranks_per_point=auto
    [ "$(grep -c 'With flow' "$out")" = 0 ]
}

@test "plan --plot draws the predicted scaling, into the present folder or that of -o" {
    [ -n "$GNUPLOT" ] && command -v "$GNUPLOT" >/dev/null || skip "no gnuplot"
    call 0 plan in.yaml --ranks 1,8 --plot
    has "$out" "./in-ranks.png"
    for end in png dat gp; do [ -s "in-ranks.$end" ]; done
    mkdir figures
    mv in.yaml "it's.yaml"
    call 0 plan "it's.yaml" --ranks 1,100 --plot -o figures
    for end in png dat gp; do [ -s "figures/it_s-ranks.$end" ]; done
    awk '/predicted seconds/ { on = 1; next } on && NF == 0 { exit } on { last = $1 } END { exit last != 100 }' \
        figures/it_s-ranks.dat
    mv "it's.yaml" in.yaml
    refused "--output is 'nowhere', expected a folder that can be written to" plan in.yaml --plot -o nowhere
    refused "--output is for the figure of --plot" plan in.yaml -o figures
}

# For 10 000 ranks, as issue and manual promise: 200 000 points, from 8 to 1024 features, efficiency 90 %.
@test "plan: the large study keeps 10 000 ranks busy" {
    call 0 plan "$top_srcdir/inputs/large-study.yaml" --ranks 1000,10000,100000
    awk '/ points of 1024 features/ { exit !($1 >= 200000) }' "$out"
    for spectrum in _8 _64 _512 crowded; do grep -q "$spectrum" "$out"; done
    awk '/ranks +time/ { on = 1; next }
        on && $1 == 1000 { few = $4 }
        on && $1 == 10000 { many = $4; group = $7 }
        on && $1 == 100000 { large = $7 }
        END {
            print few, many, group, large
            exit !(few >= 95 && many >= 90 && large > group)
        }' "$out"
}

@test "plan predicts the size of the dataset" {
    call 0 plan in.yaml --set samples=4000
    predicted=$(sed -nE 's/.*dataset ([0-9.]+) MB.*/\1/p' "$out")
    call 0 run in.yaml -o out.nc --set samples=4000
    size=$(stat -c %s out.nc)
    echo "predicted $predicted MB, in fact $size bytes"
    awk -v predicted="$predicted" -v size="$size" 'BEGIN { exit !(predicted > 0.9e-6 * size && predicted < 1.1e-6 * size) }'
}

@test "plan and --dry-run write nothing" {
    before=$(snapshot)
    call 0 plan in.yaml
    call 0 run in.yaml --dry-run -o out.nc
    has "$out" "8 points of 2 features, 4 samples each"
    [ "$(snapshot)" = "$before" ]
}

@test "the inputs that come with the program are valid" {
    for input in "$top_srcdir"/inputs/*.yaml; do
        call 0 plan "$input"
    done
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

# ---- status ----

@test "status of a complete dataset" {
    call 0 run in.yaml -o out.nc
    call 0 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 8 done" ]
    [ ! -s "$err" ]
}

@test "status of a dataset with pending points" {
    call 0 run in.yaml -o out.nc
    dataset forget out.nc 1 6 7
    call 75 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 3 pending, 5 done" ]
}

@test "status of a dataset with failed points" {
    call 1 run in.yaml -o out.nc --set max_steps=10
    call 1 status out.nc
    [ "$(cat "$out")" = "out.nc: 8 points, 8 failed" ]
}

@test "status, report and plot of what is no dataset" {
    printf 'netcdf a { dimensions: x = 2; variables: double v(x); data: v = 1, 2; }\n' >a.cdl
    ncgen -k 5 -o foreign.nc a.cdl || skip "there is no ncgen"
    for command in status report plot; do
        before=$(snapshot)
        call 3 "$command" missing.nc
        has "$err" "jepaflow: missing.nc: cannot open it as a dataset: No such file or directory"
        call 3 "$command" in.yaml
        has "$err" "jepaflow: in.yaml: is no NetCDF file, expected a dataset of jepaflow (NetCDF, CDF-5)"
        call 3 "$command" foreign.nc
        has "$err" "jepaflow: foreign.nc: "
        [ ! -s "$out" ]
        [ "$(snapshot)" = "$before" ]
    done
}

# ---- report ----

@test "report of a complete dataset ends with its verdict" {
    call 0 run in.yaml -o out.nc
    before=$(snapshot)
    call 0 report out.nc
    has "$out" "Two spectra" "Predicted seconds"
    grep -Eq '^ +8 +8 +0 +0 +0$' "$out"
    [[ $(tail -n 1 "$out") == "VALID: "* ]]
    [ "$(snapshot)" = "$before" ]
}

@test "report of a dataset with pending, and of one with failed points" {
    call 0 run in.yaml -o out.nc
    dataset forget out.nc 2
    call 75 report out.nc
    call 1 run in.yaml -o out.nc --fresh --set max_steps=10
    call 1 report out.nc
}

@test "report tells predictions, and with --ranks the ranks of each run" {
    call 0 run in.yaml -o out.nc
    call 0 report out.nc
    has "$out" "Predicted seconds"
    ! grep -q "^Ranks" "$out"
    dataset forget out.nc 2 3
    call 0 run in.yaml -o out.nc
    call 0 report out.nc --ranks
    has "$out" "Runs" "Ranks"
    grep -Eq '^ +1  20[0-9-]+ [0-9:]+ +1 +6 ' "$out"
    grep -Eq '^ +2  20[0-9-]+ [0-9:]+ +1 +2 ' "$out"
    [[ $(tail -n 1 "$out") == "VALID: "* ]]
    call 2 report out.nc --ranks --select depth=1
    has "$err" "--ranks tells of whole runs"
    call 2 report out.nc --rank
    has "$err" "did you mean '--ranks'?"
}

@test "report as JSON and CSV, of a part of the sweep, into a file" {
    call 0 run in.yaml -o out.nc
    call 0 report out.nc --format json --section order,points --select depth=1,spectrum=near -o report.json
    [ ! -s "$out" ]
    has report.json '"points": 2' '"order": {' '"valid": true'
    call 0 report out.nc --format csv --section order --select objective=mae,depth=2,spectrum=far
    [ "$(wc -l <"$out")" = 2 ]
    [[ $(tail -n 1 "$out") == far,mae,2,* ]]
    refused "--format is 'xml', expected text, json, csv or markdown" report out.nc --format xml
    refused "--format csv holds one table" report out.nc --format csv
    refused "--section: there is no 'oder'; did you mean 'order'?" report out.nc --section oder
    refused "--select: no spectrum is 'fär'" report out.nc --select spectrum=fär
    refused "--select: no axis is called 'dept'; did you mean 'depth'?" report out.nc --select dept=1
    call 3 report out.nc -o missing/report.txt
    has "$err" "missing/report.txt: cannot write the report: No such file or directory"
}

@test "theory says who solved its points and when" {
    call 0 theory in.yaml -o out.nc
    dataset holds out.nc '(v("rank") == 0).all()' '(v("point_ranks") == 1).all()' '(v("run_ranks") == 1).all()' \
        '(v("started") >= 0).all()' 'len(np.unique(v("run_started"))) == 1'
}

# ---- plot ----

# A dataset with something for each figure.
make_figures() {
    call 0 run in.yaml -o out.nc --set samples=20 --set 'init_scale=[0.03, 0.1]'
}

need_gnuplot() {
    [ -n "${GNUPLOT-}" ] || skip "no gnuplot"
}

# figures COUNT FOLDER FORMAT BYTES: at least so many, each of its kind by its first bytes, with data and script
figures() {
    local figure count=0
    for figure in "$2"/*."$3"; do
        [ "$(head -c "${#4}" "$figure" | tr -d '\0')" = "$4" ] || {
            echo "$figure begins with $(head -c 16 "$figure")"
            return 1
        }
        [ -s "${figure%."$3"}.dat" ]
        [ -s "${figure%."$3"}.gp" ]
        has "$out" "$figure"
        count=$((count + 1))
    done
    [ "$count" -ge "$1" ]
}

@test "plot draws PNG in OUT-figures" {
    need_gnuplot
    make_figures
    call 0 plot out.nc
    figures 3 out-figures png $'\211PNG'
}

@test "plot --format pdf" {
    need_gnuplot
    make_figures
    call 0 plot out.nc -o fig --format pdf
    figures 3 fig pdf '%PDF-'
}

@test "plot --format svg" {
    need_gnuplot
    make_figures
    call 0 plot out.nc --format svg --output=fig
    figures 3 fig svg '<?xml'
    for figure in fig/*.svg; do
        grep -q '</svg>' "$figure"
    done
}

@test "plot --kind draws what is asked for, and no other" {
    need_gnuplot
    make_figures
    call 0 plot out.nc -o fig --kind ranks,scaling
    figures 2 fig png $'\211PNG'
    [ "$(ls fig/*.png)" = $'fig/ranks.png\nfig/scaling.png' ]
    call 2 plot out.nc -o other --kind scalng
    has "$err" "did you mean 'scaling'?" "trajectories, scaling, depth, amplification, order, greedy, agreement, heatmap or ranks"
    [ ! -e other ]
}

@test "plot again draws over its own figures" {
    need_gnuplot
    make_figures
    call 0 plot out.nc
    call 0 plot out.nc
    figures 3 out-figures png $'\211PNG'
}

@test "plot into what is a file" {
    need_gnuplot
    make_figures
    touch taken
    call 3 plot out.nc -o taken
    has "$err" "taken"
    [ ! -s taken ]
}

# Nothing that a title holds is ever run, by gnuplot or by a shell, and the figure is drawn all the same.
harmless() {
    local k
    call 0 run in.yaml -o out.nc --set objective=mae --set depth=1 --set spectrum=far # one figure
    dataset titles out.nc "$@"
    for ((k = 1; k <= $#; k++)); do
        echo "title ${!k}"
        call 0 plot "title-$k.nc" -o fig --format svg --kind agreement
        figures 1 fig svg '<?xml'
        call 0 report "title-$k.nc"
        [ -z "$(find . -name 'made*')" ]
        rm -r fig
    done
}

@test "a title with quotes is drawn, not run" {
    need_gnuplot
    harmless "'" '"' "it's \"so\"" "'; system('touch made'); '" '"; system("touch made"); "' '\"; system("touch made"); #' \
        "\\'; system('touch made') #" "a''b" "a\\"
}

@test "a title with backquotes or dollars is drawn, not run" {
    need_gnuplot
    # shellcheck disable=SC2016
    harmless '`touch made`' '$(touch made)' '@made' '%s%n%d' '${PATH}' "\`touch made\`' . \`touch made\` . '" '! touch made'
}

@test "a title of several lines is drawn, not run" {
    need_gnuplot
    harmless $'one\nsystem "touch made"\n' $'one\n!touch made\n' $'one"\nsystem "touch made"\n"' $'\e[2J\t\a' $'a\\\n!touch made'
}

@test "a title with markup is drawn, not run" {
    need_gnuplot
    harmless '{/Symbol' 'a_b^{c' '@{}{' '&{space' '</svg><script>' ''
}

@test "labels of a dataset are drawn, not run" {
    need_gnuplot
    call 0 run in.yaml -o out.nc --set init_scale='[0.03, 0.1]' --set spectrum=far
    # shellcheck disable=SC2016
    dataset labels out.nc '`touch made`$(touch made) @made {/Symbol %s%n' $'\e[2J\302\233\342\200\256 </svg>& \377' \
        $'"\n!touch made\nsystem "touch made"\n#' "\\'.system('touch made').'" '".system("touch made")."' ''
    for k in {1..6}; do
        for format in svg png pdf; do
            [ "$k" -le 2 ] || [ "$format" = svg ] || continue
            call 0 plot "label-$k.nc" -o "fig-$k" --kind trajectories,scaling,amplification,ranks --format "$format"
        done
        figures 4 "fig-$k" "$([ "$k" -le 2 ] && echo pdf || echo svg)" "$([ "$k" -le 2 ] && echo %PDF || echo '<?xml')"
        call 0 report "label-$k.nc"
        call 0 status "label-$k.nc"
        [ -z "$(find . -name 'made*')" ]
        if LC_ALL=C grep -l $'[\001-\010\013-\037]\|\302\233\|\342\200\256' "$out" fig-*/*.gp fig-*/*.dat; then
            return 1 # what a terminal would obey
        fi
    done
}

@test "a title from the input reaches the figures as it is" {
    need_gnuplot
    # shellcheck disable=SC2016
    line 1 'title: "`touch made` $(touch made) \"; system(\"touch made\")"'
    make_figures
    call 0 plot out.nc -o fig --format svg
    [ -z "$(find . -name 'made*')" ]
    grep -q 'touch made' fig/*.svg
}

@test "a folder with blanks and quotes in its name" {
    need_gnuplot
    make_figures
    # shellcheck disable=SC2016
    folder="it's \"my\" \$(touch made) \`touch made\` folder"
    call 0 plot out.nc -o "$folder"
    figures 3 "$folder" png $'\211PNG'
    [ -z "$(find . -name made)" ]
}

# Of inputs and outputs: each is a file of that name and nothing else.
@test "files whose names look like pipes, commands, options or addresses" {
    need_gnuplot
    # shellcheck disable=SC2016
    for name in '| touch made' '< made' '-e' ' $(touch made)`touch made`' "it's \"so\" %s%n" 'file:a\nb'; do
        cp in.yaml "./$name.yaml"
        call 0 theory -o "$name.nc" --set 'init_scale=[0.03, 0.1]' -- "$name.yaml"
        [ -s "./$name.nc" ]
        call 0 report -- "$name.nc"
        call 0 plot -o "$name" -- "$name.nc"
        [ -s "./$name/scaling.png" ]
        call 0 plan --plot -o "$name" --ranks 1,2 -- "$name.yaml"
        [ "$(find "./$name" -name '*-ranks.png' | wc -l)" = 1 ]
        [ -z "$(find . -name 'made*')" ]
    done
    call 3 report http://127.0.0.1:9/out.nc # nobody is asked
    has "$err" "http://127.0.0.1:9/out.nc: cannot open it as a dataset"
    [ "$(wc -l <"$err")" = 1 ]
}

# ---- what cannot be written ----

# full ARG...: standard output that is full, and one that is closed, end the program with 3 and a message
unwritable() {
    local status=0
    "$JEPAFLOW" "$@" >/dev/full 2>"$err" </dev/null || status=$?
    [ "$status" = 3 ]
    grep -q 'cannot be written' "$err"
    status=0
    "$JEPAFLOW" "$@" >&- 2>"$err" </dev/null || status=$?
    [ "$status" = 3 ]
    grep -q 'cannot be written' "$err"
}

@test "help and version that cannot be written end with 3" {
    unwritable --help
    unwritable --version
    unwritable run --help
    unwritable plot --help
}

@test "plan and --dry-run that cannot be written end with 3" {
    unwritable plan in.yaml
    unwritable run in.yaml --dry-run
}

@test "status and report that cannot be written end with 3" {
    call 0 run in.yaml -o out.nc
    unwritable status out.nc
    unwritable report out.nc
}

@test "a long table that cannot be written ends with 3" {
    unwritable plan in.yaml --ranks "$(seq -s, 1 300)"
}

@test "a run without standard files writes the same dataset" {
    call 0 run in.yaml -o a.nc
    "$JEPAFLOW" run in.yaml -o b.nc <&- >&- 2>&-
    dataset same a.nc b.nc
}
