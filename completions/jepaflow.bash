# bash completion for jepaflow

_jepaflow() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local commands="run plan theory merge status report plot"
    local command="" word options="" formats="png pdf svg"

    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in *" $word "*) command=$word && break ;; esac
    done
    case $prev in
        --style) mapfile -t COMPREPLY < <(compgen -W "paper screen dark" -- "$cur") && return ;;
        --kind)
            mapfile -t COMPREPLY < <(compgen -W "trajectories scaling depth amplification order greedy agreement \
                heatmap ranks" -- "$cur")
            return
            ;;
        --axes | --feature) return ;;
        --section)
            mapfile -t COMPREPLY < <(compgen -W "points axes spectra cells agreement exponents amplification order \
                likeness parting separation greed predictions reasons failures runs ranks rank_quantiles" -- "$cur")
            return
            ;;
        --format)
            [ "$command" = report ] && formats="text json csv markdown"
            mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$cur")
            return
            ;;
        --coordinator) mapfile -t COMPREPLY < <(compgen -W "auto working dedicated" -- "$cur") && return ;;
        --walltime | --save-every | --set | --ranks | --shard | --select) return ;;
    esac
    if [ -z "$command" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$cur")
        return
    fi
    case $command in
        run) options="--output --set --walltime --save-every --coordinator --fresh --extend --shard --dry-run --quiet --help" ;;
        plan) options="--ranks --shard --plot --output --set --help" ;;
        theory) options="--output --set --fresh --help" ;;
        merge) options="--output --fresh --help" ;;
        report) options="--format --section --select --output --all --ranks --help" ;;
        plot) options="--output --format --kind --select --axes --feature --style --html --help" ;;
        *) options="--help" ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
        return
    fi
    compopt -o filenames 2>/dev/null
    case $command in
        run | plan | theory) mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X '!*.y?(a)ml' -- "$cur") ;;
        *) mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X '!*.nc' -- "$cur") ;;
    esac
}

complete -F _jepaflow jepaflow
