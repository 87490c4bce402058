#!/usr/bin/env bats
#
# wrong-input.bats - what is wrong with an input, a file or an option is said in one line, with its place, what
# was expected and the nearest known name; exit code 2; nothing on stdout, no file made or changed.
# shellcheck disable=SC2154 # out and err come from program.bash

load ../support/program

setup() {
    enter_folder
    run_alone
}

# ---- keys ----

@test "unknown key" {
    line 12 'colour: red'
    refused_input "in.yaml:12:1: unknown key 'colour' in the input, expected title, sweep, spectra, data, start, training, network, flow or output"
}

@test "misspelt section" {
    line 2 'sweeps:'
    refused_input "in.yaml:2:1: unknown key 'sweeps' in the input; did you mean 'sweep'?"
}

@test "misspelt axis" {
    line 3 '  dept: [1, 2]'
    refused_input "in.yaml:3:3: unknown key 'dept' in 'sweep'; did you mean 'depth'?"
}

@test "misspelt setting" {
    line 9 '  tolerence: 1.0e-6'
    refused_input "in.yaml:9:3: unknown key 'tolerence' in 'flow'; did you mean 'tolerance'?"
}

@test "misspelt key of a spectrum" {
    line 6 '  near: {lamda: 1.0, rho: [0.5, 1.0]}'
    refused_input "in.yaml:6:10: unknown key 'lamda' in a spectrum; did you mean 'lambda'?"
}

@test "misspelt key of a range" {
    line 4 '  init_scale: {from: 0.1, to: 0.2, cuont: 2}'
    refused_input "in.yaml:4:36: unknown key 'cuont' in a range; did you mean 'count'?"
}

@test "parameter that may not vary, as an axis" {
    line 4 $'  init_scale: 0.1\n  samples: [4, 8]'
    refused_input "in.yaml:5:3: unknown key 'samples' in 'sweep'; it belongs in 'output'"
}

@test "parameter in another section than its own" {
    line 11 '  tolerance: 1.0e-6'
    refused_input "in.yaml:11:3: unknown key 'tolerance' in 'output'; it belongs in 'flow'"
}

@test "duplicate key" {
    line 4 $'  init_scale: 0.1\n  depth: 3'
    refused_input "in.yaml:5:3: 'depth' is given twice, first in line 3"
}

@test "duplicate spectrum" {
    line 7 '  near: {lambda: 2.0, rho: 1.0}'
    refused_input "in.yaml:7:3: 'near' is given twice, first in line 6"
}

@test "tolerance both in flow and in sweep" {
    line 4 $'  init_scale: 0.1\n  tolerance: [1.0e-5, 1.0e-6]'
    refused_input "in.yaml:10:14: 'tolerance' is given twice, also under 'sweep' in line 5"
}

@test "several values of a parameter in flow" {
    line 9 '  tolerance: [1.0e-5, 1.0e-6]'
    refused_input "in.yaml:9:14: tolerance has several values, expected one here; put it under 'sweep' to vary it"
}

@test "section that is a list" {
    line 9 '  - tolerance'
    refused_input "in.yaml:9:3: 'flow' is not a map, expected 'key: value' lines"
}

@test "list as a key" {
    line 12 '? [1, 2]'
    refused_input "in.yaml:12:3: a list or map as a key, expected a name"
}

# ---- what must be there ----

@test "no depth" {
    line 3 '  # depth is left out'
    refused_input "in.yaml:1:1: 'sweep' lacks 'depth', expected a whole number from 1 to 1024, a list or a range"
}

@test "no init_scale" {
    line 4 '  # init_scale is left out'
    refused_input "in.yaml:1:1: 'sweep' lacks 'init_scale', expected a number above 0"
}

@test "no sweep" {
    printf 'spectra:\n  near: {lambda: 1.0, rho: 1.0}\n' >in.yaml
    refused_input "in.yaml:1:1: 'sweep' lacks 'depth'"
}

@test "no spectra" {
    printf 'sweep:\n  depth: 1\n  init_scale: 0.1\n' >in.yaml
    refused_input "in.yaml:1:1: no spectrum is defined, expected 'spectra:' with 'name: {lambda: , rho: }' lines"
}

@test "empty spectra" {
    printf 'sweep:\n  depth: 1\n  init_scale: 0.1\nspectra: {}\n' >in.yaml
    refused_input "in.yaml:1:1: no spectrum is defined"
}

# ---- numbers ----

@test "text for a number" {
    line 4 '  init_scale: small'
    refused_input "in.yaml:4:15: init_scale is small, expected a number above 0"
}

@test "number in quotes" {
    line 4 '  init_scale: "0.1"'
    refused_input "in.yaml:4:15: init_scale is '0.1', expected a number above 0"
}

@test "not a number" {
    for text in .nan nan NaN; do
        line 4 "  init_scale: $text"
        refused_input "in.yaml:4:15: init_scale is $text, expected a number above 0"
    done
}

@test "infinity" {
    for text in .inf inf 1.0e999; do
        line 4 "  init_scale: $text"
        refused_input "in.yaml:4:15: init_scale is $text, expected a number above 0"
    done
}

@test "hexadecimal number" {
    line 3 '  depth: 0x10'
    refused_input "in.yaml:3:10: depth is 0x10, expected a whole number from 1 to 1024"
}

@test "number with a tail" {
    line 4 '  init_scale: 0.1e'
    refused_input "in.yaml:4:15: init_scale is 0.1e, expected a number above 0"
}

@test "scale 0" {
    line 4 '  init_scale: 0'
    refused_input "in.yaml:4:15: init_scale is 0, expected a number above 0"
}

@test "negative scale" {
    line 4 '  init_scale: [0.1, -0.1]'
    refused_input "in.yaml:4:21: init_scale is -0.1, expected a number above 0"
}

@test "scale too small for a number" {
    line 4 '  init_scale: 1.0e-999'
    refused_input "in.yaml:4:15: init_scale is 1.0e-999, expected a number above 0"
}

@test "depth 0" {
    line 3 '  depth: 0'
    refused_input "in.yaml:3:10: depth is 0, expected a whole number from 1 to 1024"
}

@test "depth 1.5" {
    line 3 '  depth: [1, 1.5]'
    refused_input "in.yaml:3:14: depth is 1.5, expected a whole number from 1 to 1024"
}

@test "depth 1025" {
    line 3 '  depth: 1025'
    refused_input "in.yaml:3:10: depth is 1025, expected a whole number from 1 to 1024"
}

@test "depth true, depth null, depth left empty" {
    for text in true '~' null; do
        line 3 "  depth: $text"
        refused_input "in.yaml:3:10: depth is $text, expected a whole number from 1 to 1024"
    done
    line 3 '  depth:'
    refused_input "in.yaml:3:9: depth is empty, expected a whole number from 1 to 1024"
}

@test "threshold 0 and threshold 1" {
    for text in 0 1; do
        line 9 "  threshold: $text"
        refused_input "in.yaml:9:14: threshold is $text, expected a number above 0 and below 1"
    done
}

@test "tolerance 0" {
    line 9 '  tolerance: 0'
    refused_input "in.yaml:9:14: tolerance is 0, expected a number from 1e-13 to 0.01"
}

@test "tolerance that promises nothing" {
    line 9 '  tolerance: 0.1'
    refused_input "in.yaml:9:14: tolerance is 0.1, expected a number from 1e-13 to 0.01"
}

@test "negative number of samples" {
    line 11 '  samples: -1'
    refused_input "in.yaml:11:12: samples is -1, expected a whole number from 0 to 100000"
}

@test "number of samples beyond all measure" {
    line 11 '  samples: 100001'
    refused_input "in.yaml:11:12: samples is 100001, expected a whole number from 0 to 100000"
}

@test "seed that no number holds exactly" {
    for seed in 9007199254740992 9007199254740993 18446744073709551616 1.0e300; do
        refused "--set seed=$seed:1:1: seed is $seed, expected a whole number from 0 to 9007199254740991" \
            plan in.yaml --set "seed=$seed"
    done
}

@test "no steps at all" {
    line 9 '  max_steps: 0'
    refused_input "in.yaml:9:14: max_steps is 0, expected a whole number from 1"
}

# ---- words ----

@test "misspelt objective" {
    line 4 $'  init_scale: 0.1\n  objective: [jepa, mea]'
    refused_input "in.yaml:5:21: objective is 'mea', expected jepa or mae; did you mean 'mae'?"
}

@test "unknown objective" {
    line 4 $'  init_scale: 0.1\n  objective: contrastive'
    refused_input "in.yaml:5:14: objective is 'contrastive', expected jepa or mae"
}

@test "misspelt model" {
    line 9 '  model: layer'
    refused_input "in.yaml:9:10: model is 'layer', expected auto, theory, balanced or layers; did you mean 'layers'?"
}

# ---- lists and ranges ----

@test "empty list" {
    line 3 '  depth: []'
    refused_input "in.yaml:3:10: depth is an empty list, expected at least one value"
}

@test "list in a list" {
    line 3 '  depth: [[1, 2], 3]'
    refused_input "in.yaml:3:11: depth is a list, expected a whole number from 1 to 1024"
}

@test "duplicate value on an axis" {
    line 3 '  depth: [1, 2, 3, 2]'
    refused_input "in.yaml:3:20: depth has 2 twice, expected each value once"
}

@test "duplicate value, written otherwise" {
    line 4 '  init_scale: [0.1, 1.0e-1]'
    refused_input "in.yaml:4:21: init_scale has 1.0e-1 twice, expected each value once"
}

@test "duplicate name on an axis" {
    line 4 $'  init_scale: 0.1\n  spectrum: [near, far, near]'
    refused_input "in.yaml:5:25: spectrum has near twice, expected each value once"
}

@test "range between equal ends" {
    line 4 '  init_scale: {from: 0.1, to: 0.1, count: 2}'
    refused_input "in.yaml:4:15: init_scale has 0.1 twice, expected each value once"
}

@test "range without an end" {
    line 4 '  init_scale: {from: 0.1, count: 2}'
    refused_input "in.yaml:4:15: the range of init_scale lacks 'to', expected {from: , to: , count: , spacing: linear or log}"
}

@test "range without count" {
    line 4 '  init_scale: {from: 0.1, to: 0.2}'
    refused_input "in.yaml:4:15: the range of init_scale lacks 'count', expected {from: , to: , count: , spacing: linear or log}"
}

@test "range of count 0" {
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: 0}'
    refused_input "in.yaml:4:43: count is 0, expected a whole number from 1 to 100000"
}

@test "range of count 1 between different ends" {
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: 1}'
    refused_input "in.yaml:4:43: count is 1, expected at least 2 between different ends"
}

@test "range of count 2.5" {
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: 2.5}'
    refused_input "in.yaml:4:43: count is 2.5, expected a whole number from 1 to 100000"
}

@test "range of unknown spacing" {
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: 3, spacing: logarithmic}'
    refused_input "in.yaml:4:55: spacing is 'logarithmic', expected linear or log"
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: 3, spacing: liner}'
    refused_input "in.yaml:4:55: spacing is 'liner', expected linear or log; did you mean 'linear'?"
}

@test "log-spaced range from 0" {
    line 4 $'  init_scale: 0.1\n  seed: {from: 0, to: 100, count: 3, spacing: log}'
    refused_input "in.yaml:5:9: the range of seed is log-spaced, expected 'from' and 'to' above 0"
}

@test "range that leaves what is allowed" {
    line 4 '  init_scale: {from: -0.1, to: 0.1, count: 3}'
    refused_input "in.yaml:4:22: init_scale is -0.1, expected a number above 0"
}

@test "range of depths that are not whole" {
    line 3 '  depth: {from: 1, to: 4, count: 3}'
    refused_input "in.yaml:3:10: the range of depth holds 2.5, which is not a whole number"
}

@test "range of words" {
    line 4 $'  init_scale: 0.1\n  objective: {from: jepa, to: mae, count: 2}'
    refused_input "in.yaml:5:14: objective is a map, expected jepa or mae"
}

@test "more points than a sweep may have" {
    line 3 '  depth: {from: 1, to: 1000, count: 1000}'
    line 4 $'  init_scale: {from: 0.1, to: 0.2, count: 1000}\n  seed: {from: 1, to: 1000, count: 1000}'
    refused_input "in.yaml:3:3: the sweep has 4e+09 points, a dataset of "
}

# ---- spectra ----

@test "undefined spectrum" {
    line 4 $'  init_scale: 0.1\n  spectrum: opposed'
    refused_input "in.yaml:5:13: spectrum is 'opposed', expected the name of a spectrum defined under 'spectra'"
}

@test "misspelt spectrum" {
    line 4 $'  init_scale: 0.1\n  spectrum: [far, naer]'
    refused_input "in.yaml:5:19: spectrum is 'naer', expected the name of a spectrum; did you mean 'near'?"
}

@test "rho of another length than lambda" {
    line 7 '  far: {lambda: [0.8, 0.9, 1.0], rho: [0.7, 0.8]}'
    refused_input "in.yaml:7:8: spectrum 'far' has 3 values of lambda and 2 of rho, expected as many, or one of either"
}

@test "rho 0" {
    line 6 '  near: {lambda: 1.0, rho: [0.5, 0]}'
    refused_input "in.yaml:6:34: rho is 0, expected a number above 0"
}

@test "negative lambda" {
    line 7 '  far: {lambda: [-0.8, 1.0], rho: 0.7}'
    refused_input "in.yaml:7:18: lambda is -0.8, expected a number above 0"
}

@test "spectrum without rho" {
    line 7 '  far: {lambda: [0.8, 1.0]}'
    refused_input "in.yaml:7:8: spectrum 'far' lacks 'rho', expected {lambda: , rho: }"
}

@test "spectrum without features" {
    line 7 '  far: {lambda: [], rho: 0.7}'
    refused_input "in.yaml:7:17: lambda is an empty list, expected at least one value"
}

@test "spectrum that is a number" {
    line 7 '  far: 0.7'
    refused_input "in.yaml:7:8: spectrum 'far' is not a map, expected {lambda: , rho: }"
}

@test "spectrum with a quote in its name" {
    line 7 "  it's: {lambda: [0.8, 1.0], rho: 0.7}"
    refused_input "in.yaml:7:3: 'it's' as the name of a spectrum, expected at most 64 letters, digits"
}

@test "spectrum with a command in its name" {
    # shellcheck disable=SC2016
    line 7 '  $(touch made): {lambda: [0.8, 1.0], rho: 0.7}'
    # shellcheck disable=SC2016
    refused_input 'in.yaml:7:3: '\''$(touch made)'\'' as the name of a spectrum'
}

@test "spectrum with a name too long" {
    name=$(printf 'n%.0s' {1..65})
    line 7 "  $name: {lambda: [0.8, 1.0], rho: 0.7}"
    refused_input "in.yaml:7:3: '$name' as the name of a spectrum, expected at most 64"
}

# ---- titles ----

@test "title that is a map" {
    line 1 'title: {a: b}'
    refused_input "in.yaml:1:8: expected a title: a line of at most 300 bytes"
}

@test "title too long" {
    line 1 "title: $(printf 'n%.0s' {1..301})"
    refused_input "in.yaml:1:8: expected a title: a line of at most 300 bytes"
}

@test "title with a control character" {
    line 1 'title: "bell \x07"'
    refused_input "in.yaml:1:8: the title has a control character, expected a line of text"
}

@test "title with what a terminal or a reader would be misled by" {
    for text in '\x9b31m' '\u202etxt.exe' '\u2066' '\u2028' '\uffff'; do
        line 1 "title: \"a$text\""
        refused "in.yaml:1:8: the title has a control character, expected a line of text" plan in.yaml
    done
    line 1 $'title: a\u202etxt.exe'
    refused "in.yaml:1:8: the title has a control character, expected a line of text" plan in.yaml
    line 1 'title: plain'
    refused "--set title=\"\\x1b[2J\":1:1: the title has a control character" plan in.yaml --set 'title="\x1b[2J"'
}

@test "title of two lines" {
    line 1 $'title: |\n  one\n  two'
    refused_input "in.yaml:1:8: the title has a control character, expected a line of text"
}

# ---- YAML ----

@test "tab as indentation" {
    line 3 $'\tdepth: [1, 2]'
    refused_input "in.yaml:3:1: a tab, expected spaces: YAML is indented with spaces"
}

@test "unclosed bracket" {
    line 11 '  samples: [4'
    refused_input "in.yaml:12:1: while parsing a flow sequence, did not find expected ',' or ']'"
}

@test "unclosed quote" {
    line 11 '  samples: "4'
    refused_input "in.yaml:12:1: while scanning a quoted scalar, found unexpected end of stream"
}

@test "line out of its column" {
    line 4 '   init_scale: 0.1'
    refused_input "in.yaml:4:4: while parsing a block mapping, did not find expected key"
}

@test "list as the whole input" {
    printf '%s\n' '- depth: 1' '- init_scale: 0.1' >in.yaml
    refused_input "in.yaml:1:1: expected 'key: value' lines: title, sweep, spectra, data, start, training, network, flow, output"
}

@test "text as the whole input" {
    printf 'depth 1\n' >in.yaml
    refused_input "in.yaml:1:1: expected 'key: value' lines: title, sweep, spectra, data, start, training, network, flow, output"
}

@test "two documents" {
    line 12 $'---\ntitle: another'
    refused_input "in.yaml:12:1: a second document, expected one"
}

@test "anchor" {
    line 3 '  depth: &deep [1, 2]'
    refused_input "in.yaml:3:10: an anchor '&deep', expected plain values: anchors are not used here"
}

@test "alias" {
    line 3 '  depth: *deep'
    refused_input "in.yaml:3:10: an alias, expected plain values: aliases are not used here"
}

@test "tag" {
    line 3 '  depth: !!int 2'
    refused_input "in.yaml:3:10: a tag 'tag:yaml.org,2002:int', expected plain values: tags are not used here"
}

@test "merge key" {
    line 7 '  far: {<<: {lambda: 1.0}, rho: 0.7}'
    refused_input "in.yaml:7:9: unknown key '<<' in a spectrum"
}

@test "lists without end" {
    line 3 "  depth: $(printf '[%.0s' {1..5000})"
    refused_input "in.yaml:3:25: nested more than 16 deep"
}

# ---- files that are no input ----

@test "empty file" {
    : >in.yaml
    refused_input "in.yaml:1:1: is empty, expected an input"
}

@test "file of comments" {
    printf '# title: nothing\n' >in.yaml
    refused_input "in.yaml:2:1: is empty, expected an input"
}

@test "binary file" {
    printf '\211PNG\r\n\032\n\377\376' >in.yaml
    refused_input "in.yaml:1:1: the byte 0x89, expected YAML in UTF-8: "
}

@test "zero bytes" {
    printf 'title: a\0b\n' >in.yaml
    refused_input "in.yaml:1:9: a zero byte, expected YAML: this is not a text file"
}

@test "dataset as input" {
    printf 'CDF\005\000\000\000\000' >in.yaml
    refused_input "in.yaml:1:5: a zero byte, expected YAML"
}

@test "text in Latin-1, text in UTF-16" {
    printf 'title: caf\351\n' >in.yaml
    refused_input "in.yaml:1:11: the byte 0xe9, expected YAML in UTF-8"
    printf '\377\376t\0i\0' >in.yaml
    refused_input "in.yaml:1:1: a text in UTF-16, expected YAML in UTF-8"
}

@test "text with an escape sequence" {
    printf 'title: a\033[2Jb\n' >in.yaml
    refused_input "in.yaml:1:9: the control character 0x1b, expected YAML"
}

@test "file of 2 MB" {
    head -c 2000000 /dev/zero | tr '\0' '#' >>in.yaml
    refused_input "in.yaml: too large, expected at most 1048576 bytes"
}

@test "device that never ends" {
    refused "/dev/zero: too large, expected at most 1048576 bytes" plan /dev/zero
}

@test "pipe that nobody writes to" {
    rm in.yaml
    mkfifo in.yaml
    refused_input "in.yaml: is a pipe that nobody writes to, expected a file"
}

# What must be refused before it costs anything: in.yaml, on the command line or in the file, in a second of
# processor time and 200 MB of address space (the sanitizers take more of both).
costs_nothing() {
    local message=$1 seconds=1 space=200000
    shift
    if [ "$JF_SANITIZE" = yes ]; then
        seconds=10 space=unlimited
    fi
    (
        ulimit -t "$seconds" -v "$space"
        refused "$message" plan in.yaml "$@"
    )
}

@test "a sweep of 1e15 points costs nothing" {
    line 3 '  depth: 1'
    line 4 $'  init_scale: {from: 0.1, to: 0.2, count: 100000}\n  seed: {from: 1, to: 100000, count: 100000}'
    costs_nothing "in.yaml:3:3: the sweep has 1e+15 points, a dataset of 447 PB; expected at most 100000000 points" \
        --set 'objective=mae' --set 'spectrum=near' --set 'threshold={from: 0.1, to: 0.9, count: 100000}'
}

@test "a spectrum of 1e9 features costs nothing" {
    line 6 '  near: {lambda: 1.0, rho: {from: 1, to: 2, count: 1e9}}'
    costs_nothing "in.yaml:6:52: count is 1e9, expected a whole number from 1 to 100000"
    line 6 '  near: {lambda: 1.0, rho: {from: 1, to: 2, count: 20000}}'
    costs_nothing "in.yaml:6:9: spectrum 'near' has 20000 features, expected at most 16384"
}

@test "a thousand wide spectra cost nothing" {
    line 7 "  far: {lambda: 1, rho: 1}$(printf '\n  s%d: {lambda: {from: 1, to: 2, count: 16384}, rho: 1}' {1..1000})"
    costs_nothing "in.yaml:6:3: 16384003 features in all spectra together, expected at most 262144"
}

@test "1e12 samples cost nothing, nor do many of many features" {
    line 11 '  samples: 1e12'
    costs_nothing "in.yaml:11:12: samples is 1e12, expected a whole number from 0 to 100000"
    line 11 '  samples: 100000'
    line 6 '  near: {lambda: 1.0, rho: {from: 1, to: 2, count: 16384}}'
    costs_nothing "in.yaml:11:12: 100000 samples of 16384 features are 39.3 GB for each point, expected at most 1 GB"
}

@test "aliases of aliases cost nothing" {
    printf 'a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n' >in.yaml
    costs_nothing "in.yaml:1:4: an anchor '&a', expected plain values"
}

@test "10 MB of YAML cost nothing" {
    head -c 10000000 /dev/zero | tr '\0' ',' >in.yaml
    costs_nothing "in.yaml: too large, expected at most 1048576 bytes"
}

@test "a megabyte of brackets costs nothing" {
    for text in '[' '{' '- ' '? '; do
        yes -- "$text" | tr -d '\n' | head -c 1000000 >in.yaml
        costs_nothing "in.yaml:1:"
        grep -q 'nested more than 16 deep' "$err"
    done
}

@test "a megabyte of values costs nothing" {
    (printf '[' && yes 1, | tr -d '\n' | head -c 1000000 && printf 1]) >in.yaml
    costs_nothing "in.yaml:1:600000: more than 300000 values, expected an input of fewer"
    (printf '[' && yes '{a,b,c,d},' | tr -d '\n' | head -c 1000000 && printf 1]) >in.yaml
    costs_nothing "in.yaml:1:333334: more than 300000 values, expected an input of fewer"
}

@test "a megabyte of keys costs nothing" {
    seq -f '%.0f:' 1 130000 >in.yaml
    costs_nothing "in.yaml:1:1: unknown key '1' in the input, expected title, sweep, spectra, data, start, training, network, flow or output"
}

@test "a key of a megabyte costs nothing" {
    (printf '? ' && head -c 1000000 /dev/zero | tr '\0' k && printf '\n: 1\n') >in.yaml
    costs_nothing "in.yaml:1:3: unknown key 'kkkkkkkk"
    grep -q "kkk\.\.\.' in the input, expected title, sweep, spectra, data, start, training, network, flow or output" "$err"
}

@test "a megabyte of directives costs nothing" {
    seq -f '%%TAG !%.0f! x' 1 70000 >in.yaml
    costs_nothing "in.yaml:1:1: '%TAG', expected plain values: tags are not used here"
}

@test "ranges in ranges" {
    line 4 '  init_scale: {from: {from: 0.1, to: 1, count: 2}, to: 0.2, count: 2}'
    costs_nothing "in.yaml:4:22: init_scale is a map, expected a number above 0"
    line 4 '  init_scale: {from: 0.1, to: 0.2, count: {from: 1, to: 2, count: 2}}'
    costs_nothing "in.yaml:4:43: count is a map, expected a whole number from 1 to 100000"
}

@test "numbers that are read in two ways, or in none" {
    for text in 010 1_000 0o10 0b1 1e + 18446744073709551616 1e300 '"2"'; do
        line 3 "  depth: $text"
        shown=${text//\"/\'}
        costs_nothing "in.yaml:3:10: depth is $shown, expected a whole number from 1 to 1024"
    done
}

@test "missing file" {
    rm in.yaml
    refused_input "in.yaml: cannot open it: No such file or directory"
}

@test "folder as input" {
    rm in.yaml
    mkdir in.yaml
    refused_input "in.yaml: is a folder, expected a file"
}

@test "input that may not be read" {
    chmod 0 in.yaml
    if [ -r in.yaml ]; then
        skip "root reads everything"
    fi
    refused_input "in.yaml: cannot open it: Permission denied"
}

# ---- output ----

@test "output in a missing folder" {
    refused "nowhere/out.nc: cannot write there: nowhere: No such file or directory" run in.yaml -o nowhere/out.nc
    refused "nowhere/out.nc: cannot write there: nowhere: No such file or directory" theory in.yaml -o nowhere/out.nc
}

@test "output below a file" {
    refused "in.yaml/out.nc: cannot write there: in.yaml: is not a folder" run in.yaml -o in.yaml/out.nc
}

@test "output that is a folder" {
    mkdir out.nc
    refused "out.nc: is not a file, expected a dataset or a new name" run in.yaml -o out.nc
    refused "out.nc: is not a file, expected a dataset or a new name" theory in.yaml -o out.nc
}

@test "output that is a device" {
    refused "/dev/full: is not a file, expected a dataset or a new name" run in.yaml -o /dev/full
}

@test "output without a name" {
    refused "the output has no name" run in.yaml -o ''
}

@test "output that is a text file" {
    echo 'my only copy' >out.nc
    refused_with 3 "out.nc: is no NetCDF file, expected a dataset of jepaflow" run in.yaml -o out.nc
    refused_with 3 "out.nc: is no NetCDF file, expected a dataset of jepaflow" run in.yaml -o out.nc --fresh
}

@test "output that is the input" {
    refused_with 3 "in.yaml: is no NetCDF file, expected a dataset of jepaflow" run in.yaml -o in.yaml
}

@test "output that is a dataset of another program" {
    printf 'netcdf a { dimensions: x = 2; variables: double v(x); data: v = 1, 2; }\n' >a.cdl
    ncgen -k 5 -o out.nc a.cdl || skip "there is no ncgen"
    refused_with 3 "out.nc: is a NetCDF file of something else, expected a dataset of jepaflow" run in.yaml -o out.nc
}

@test "output that is of another plan" {
    call 0 theory in.yaml -o out.nc
    refused "out.nc: holds the results of another plan (model: theory in the dataset, auto in the input; samples: 0 in the \
dataset, 4 in the input); name another file with -o, or start over with --fresh" run in.yaml -o out.nc
}

@test "output where nothing may be written" {
    mkdir sealed
    chmod 500 sealed
    if [ -w sealed ]; then
        skip "root writes everywhere"
    fi
    refused_with 3 "sealed/out.nc: cannot write there: sealed: Permission denied" run in.yaml -o sealed/out.nc
}

# ---- --set ----

@test "--set without '='" {
    refused "--set depth: expected key=value" run in.yaml --set depth
}

@test "--set without a key" {
    refused "--set =4: expected key=value" run in.yaml --set =4
}

@test "--set of an unknown key" {
    refused "--set colour=red:1:1: unknown key 'colour'; 'jepaflow run --help' lists the parameters" \
        run in.yaml --set colour=red
}

@test "--set of a misspelt key" {
    refused "--set deptj=4:1:1: unknown key 'deptj'; did you mean 'depth'?" run in.yaml --set deptj=4
}

@test "--set of a misspelt path" {
    line 9 ''
    refused "--set flow.tolerence=1.0e-8:1:1: unknown key 'tolerence' in 'flow'; did you mean 'tolerance'?" \
        run in.yaml --set flow.tolerence=1.0e-8
}

@test "--set of a path through a value" {
    refused "--set flow.tolerance.depth=4:1:1: there is no such key in the input" \
        run in.yaml --set flow.tolerance.depth=4
}

@test "--set of a wrong value" {
    refused "--set depth=0:1:1: depth is 0, expected a whole number from 1 to 1024" run in.yaml --set depth=0
}

@test "--set of a wrong value in a list" {
    refused "--set depth=[1, none]:1:5: depth is none, expected a whole number from 1 to 1024" \
        run in.yaml --set 'depth=[1, none]'
}

@test "--set of half a list" {
    refused "--set depth=[1, 2:2:1: while parsing a flow sequence, did not find expected ',' or ']'" \
        run in.yaml --set 'depth=[1, 2'
}

@test "--set of what is too large" {
    costs_nothing "--set samples=1e12:1:1: samples is 1e12, expected a whole number from 0 to 100000" --set samples=1e12
    costs_nothing "--set depth=[[[[[[[[" --set "depth=$(printf '[%.0s' {1..60000})"
    grep -q 'nested more than 16 deep' "$err"
    costs_nothing "--set depth=&a [1]:1:1: an anchor '&a'" --set 'depth=&a [1]'
    costs_nothing "--set kkkkkkkk" --set "$(printf 'k%.0s' {1..60000})=1"
    grep -q "\.\.\.: expected key=value" "$err"
}

@test "--set of nothing" {
    refused "--set depth=:1:1: is empty" run in.yaml --set depth=
}

@test "--set of two lines" {
    refused "--set with a line break, expected key=value in one line" run in.yaml --set $'depth=4\nseed=2'
}

# ---- options and commands ----

@test "no command" {
    call 2
    [ ! -s "$out" ]
    grep -q 'jepaflow COMMAND --help' "$err"
}

@test "unknown command" {
    refused "unknown command 'sing'; 'jepaflow --help' lists them" sing in.yaml
}

@test "misspelt command" {
    refused "unknown command 'pln'; did you mean 'plan'?" pln in.yaml
    refused "unknown command 'reprot'; did you mean 'report'?" reprot in.yaml
}

@test "unknown option" {
    refused "unknown option '--xyzzy'; --help lists them" run in.yaml --xyzzy
    refused "unknown option '-x'; --help lists them" run in.yaml -x
}

@test "misspelt option" {
    refused "unknown option '--outptu'; did you mean '--output'?" run in.yaml --outptu=out.nc
    refused "unknown option '--rank'; did you mean '--ranks'?" plan in.yaml --rank 4
}

@test "option of another command" {
    refused "unknown option '--walltime'" plan in.yaml --walltime 1:00:00
}

@test "option without its value" {
    refused "option '--output' needs a value: OUT.nc" run in.yaml -o
    refused "option '--walltime' needs a value: HH:MM:SS" run in.yaml --walltime
}

@test "value for an option that has none" {
    refused "option '--fresh' takes no value" run in.yaml --fresh=yes
}

@test "option given twice" {
    refused "option '--output' is given twice" run in.yaml -o a.nc --output b.nc
}

@test "two inputs" {
    refused "'other.yaml' after 'in.yaml', expected one INPUT.yaml" run in.yaml other.yaml
}

@test "no input" {
    for command in run plan theory; do
        refused "no file is named, expected INPUT.yaml" "$command"
    done
}

@test "no dataset" {
    for command in status report plot; do
        refused "no file is named, expected OUT.nc" "$command"
    done
}

@test "walltime that is no time" {
    for text in soon 1: :10 1:2:3:4 -5 1h 0x10 ''; do
        refused "--walltime is '$text', expected HH:MM:SS" run in.yaml --walltime "$text"
    done
}

@test "number of ranks that is none" {
    for text in 0 -1 many 1,,2 '1,' 2.5 1000001 99999999999999999999 ''; do
        refused "--ranks is '$text', expected whole numbers from 1 to 1000000" plan in.yaml --ranks "$text"
    done
}

@test "figures in an unknown format" {
    call 0 theory in.yaml -o out.nc
    refused "--format is 'gif', expected png, pdf or svg" plot out.nc --format gif
}

@test "a dry run refuses the same" {
    line 3 '  depth: 0'
    refused "in.yaml:3:10: depth is 0, expected a whole number from 1 to 1024" run in.yaml --dry-run
}

@test "theory refuses the same" {
    line 3 '  depth: 0'
    refused "in.yaml:3:10: depth is 0, expected a whole number from 1 to 1024" theory in.yaml -o out.nc
}

@test "what the terminal would obey is masked in messages" {
    refused "unknown command '?[2J?]0;x?'" $'\e[2J\e]0;x\a'
    line 3 '  depth: "\e[2J"'
    refused_input "in.yaml:3:10: depth is '?[2J', expected a whole number from 1 to 1024"
}
