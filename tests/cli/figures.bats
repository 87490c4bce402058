#!/usr/bin/env bats
#
# figures.bats - plot: every kind and format, scripts that run by themselves, the page, refusals.

# shellcheck disable=SC2154 # out, err, GNUPLOT ... come from program.bash and tests/environment.sh

load ../support/program

# One dataset for all tests: two objectives, depths, init_scales and spectra; its figures as SVG.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    cat >in.yaml <<'YAML'
title: <script>alert(1)</script> & "quotes"
sweep:
  objective: [jepa, mae]
  depth: [1, 2]
  init_scale: [0.03, 0.1]
  spectrum: [both, rho]
spectra:
  both: {lambda: [0.9, 1], rho: [1, 0.7]}
  rho:  {lambda: 1, rho: [0.7, 1]}
output: {samples: 20}
YAML
    "$JEPAFLOW" run in.yaml -o out.nc -q
    [ -z "${GNUPLOT-}" ] || "$JEPAFLOW" plot out.nc -o drawn --format svg --kind "$all" >said
}

all=trajectories,scaling,depth,amplification,order,greedy,agreement,heatmap,ranks
names="agreement amplification depth greedy heatmap order ranks scaling trajectories-depth1 trajectories-depth2 \
trajectories-raw-depth1 trajectories-raw-depth2"

setup() {
    cd "$BATS_FILE_TMPDIR" || return 1
    out=$BATS_TEST_TMPDIR/out
    err=$BATS_TEST_TMPDIR/err
}

need() {
    local program
    [ -n "${GNUPLOT-}" ] || skip "no gnuplot"
    for program in "$@"; do
        command -v "$program" >/dev/null || skip "no $program"
    done
}

# lacks FILE PATTERN: no line of the file matches
lacks() {
    if grep -E -- "$2" "$1"; then
        return 1
    fi
}

# in_folder FOLDER FORMAT NAME...: exactly these figures
in_folder() {
    local folder=$1 format=$2
    shift 2
    [ "$(find "$folder" -name "*.$format" -printf '%f\n' | sed 's|\..*||' | LC_ALL=C sort | xargs)" = "$*" ]
}

@test "each kind is drawn as SVG, with its data and its script" {
    need
    # shellcheck disable=SC2086
    in_folder drawn svg $names
    for name in $names; do
        head -c 5 "drawn/$name.svg" | grep -q '<?xml'
        grep -q '</svg>' "drawn/$name.svg"
        grep -q '^[0-9]' "drawn/$name.dat"
        grep -q "^drawn/$name.svg  " said
    done
}

@test "each script draws its figure again by itself" {
    need
    cp -r drawn "$BATS_TEST_TMPDIR/again"
    cd "$BATS_TEST_TMPDIR/again"
    for name in $names; do
        cp "$name.svg" before
        rm "$name.svg"
        "$GNUPLOT" "$name.gp"
        cmp before "$name.svg"
    done
}

@test "PDF has its text as text, and is as wide as a column" {
    need pdftotext pdfinfo
    call 0 plot out.nc -o "$BATS_TEST_TMPDIR/fig" --format pdf --kind scaling,order
    for words in JEPA MAE 'both: feature 0' 'critical time t' 'init_scale'; do
        pdftotext "$BATS_TEST_TMPDIR/fig/scaling.pdf" - | grep -q "$words"
    done
    pdftotext "$BATS_TEST_TMPDIR/fig/order.pdf" - | grep -q 'Kendall tau'
    lacks <(pdftotext "$BATS_TEST_TMPDIR/fig/order.pdf" -) alert # a paper's caption has the title
    pdfinfo "$BATS_TEST_TMPDIR/fig/scaling.pdf" | grep -q 'Page size: *24[01]'
}

# Width in pixels, from the header of a PNG.
png_width() {
    echo $((16#$(od -A n -t x1 -j 16 -N 4 "$1" | tr -d ' ')))
}

@test "PNG has two pixels for each of the screen's; styles differ" {
    need
    for style in paper screen dark; do
        call 0 plot out.nc -o "$BATS_TEST_TMPDIR/$style" --kind depth --style "$style"
    done
    [ "$(png_width "$BATS_TEST_TMPDIR/paper/depth.png")" = 642 ] # 241 points at 192 an inch
    [ "$(png_width "$BATS_TEST_TMPDIR/screen/depth.png")" = 1028 ]
    grep -q "ground = '#ffffff'" "$BATS_TEST_TMPDIR/screen/depth.gp"
    grep -q "ground = '#16181d'" "$BATS_TEST_TMPDIR/dark/depth.gp"
}

@test "--select draws a part, and what that part cannot feed is left out with its reason" {
    need
    call 0 plot out.nc -o "$BATS_TEST_TMPDIR/fig" --format svg --select objective=jepa,depth=2 \
        --kind scaling,depth,amplification
    in_folder "$BATS_TEST_TMPDIR/fig" svg scaling
    has "$out" "depth: left out, there is one depth only" "amplification: left out, there is one depth only"
    lacks "$BATS_TEST_TMPDIR/fig/scaling.gp" MAE
    lacks "$BATS_TEST_TMPDIR/fig/scaling.dat" mae
    call 2 plot out.nc -o "$BATS_TEST_TMPDIR/none" --select objectiv=jepa
    has "$err" "did you mean 'objective'?"
    [ ! -e "$BATS_TEST_TMPDIR/none" ]
}

@test "--axes and --feature choose what the heatmap shows" {
    need
    call 0 plot out.nc -o "$BATS_TEST_TMPDIR/fig" --format svg --kind heatmap --axes feature,spectrum
    grep -q "feature, spectrum; hole" "$BATS_TEST_TMPDIR/fig/heatmap.dat"
    call 0 plot out.nc -o "$BATS_TEST_TMPDIR/fig" --format svg --kind heatmap --feature 1
    grep -q "both: feature 1, λ = 1, ρ = 0.7" "$BATS_TEST_TMPDIR/fig/heatmap.gp"
}

@test "what plot does not know is refused, with the nearest name, and nothing is made" {
    refuse() {
        local expected=$1
        shift
        call 2 plot out.nc -o "$BATS_TEST_TMPDIR/none" "$@"
        has "$err" "$expected"
        [ ! -e "$BATS_TEST_TMPDIR/none" ]
    }
    refuse "'heatmp' is no kind of figure; did you mean 'heatmap'?" --kind heatmp
    refuse "--style is 'drak', expected paper, screen or dark; did you mean 'dark'?" --style drak
    refuse "--format is 'gif', expected png, pdf or svg" --format gif
    refuse "'dept' is no axis of this dataset; did you mean 'depth'?" --axes dept,init_scale
    refuse "--axes is 'depth', expected two axes X,Y" --axes depth
    refuse "--axes is 'depth,depth', expected two different axes" --axes depth,depth
    refuse "--feature is '2', expected a whole number from 0 to 1" --feature 2
    refuse "--feature is '-1', expected a whole number" --feature -1
    refuse "--feature is 'x', expected a whole number" --feature x
    refuse "--output does not go with --html" --html "$BATS_TEST_TMPDIR/page"
    [ ! -e "$BATS_TEST_TMPDIR/page" ]
}

@test "--html makes one page that needs nothing else, in which a title stays a text" {
    need
    call 0 plot out.nc --html "$BATS_TEST_TMPDIR/page" --kind scaling,order
    page=$BATS_TEST_TMPDIR/page/index.html
    has "$out" "$page"
    grep -q '<title>&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;quotes&#34;</title>' "$page"
    lacks "$page" '<script'
    lacks "$page" '(src|srcset|href)="[^d]'
    [ "$(grep -o 'data:image/svg+xml;base64,' "$page" | wc -l)" = 4 ] # two figures, light and dark
    grep -q 'objective: \[jepa, mae\]' "$page"
    grep -q '<h3>' "$page"
}

@test "the page in Chromium: all figures shown, no text runs, no scrolling sideways at 390 pixels" {
    need chromium
    call 0 plot out.nc --html "$BATS_TEST_TMPDIR/page" --kind scaling,order
    # The page in a frame as wide as a phone; what it measures is left in the outer page's title.
    cat >"$BATS_TEST_TMPDIR/frame.html" <<'HTML'
<iframe id="f" src="page/index.html" style="width:390px;height:900px;border:0"></iframe>
<script>
onload = function () {
    var d = document.getElementById("f").contentDocument, images = Array.from(d.images);
    document.title = "sideways " + (d.documentElement.scrollWidth - d.documentElement.clientWidth) + " shown " +
        images.filter(function (i) { return i.complete && i.naturalWidth > 100; }).length + " of " + images.length;
};
</script>
HTML
    timeout 120 chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files --virtual-time-budget=5000 \
        --user-data-dir="$BATS_TEST_TMPDIR/chromium" --dump-dom "file://$BATS_TEST_TMPDIR/frame.html" >"$out" 2>/dev/null
    has "$out" "<title>sideways 0 shown 2 of 2</title>"
}
