#!/usr/bin/env bats
#
# plot.bats - plot: figures, formats and folders; what stands in titles and labels is drawn, what stands in names of files
# is a name, and neither is ever run.
# shellcheck disable=SC2154 # out, err, GNUPLOT ... come from program.bash and tests/environment.sh

load ../support/program

setup() {
    enter_folder
    run_alone
}

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
