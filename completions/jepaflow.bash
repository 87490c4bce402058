# bash completion for jepaflow

_jepaflow() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
    local commands="run plan theory merge status report plot"
    local command="" word options=""

    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in *" $word "*) command=$word && break ;; esac
    done
    case $prev in
        --format) mapfile -t COMPREPLY < <(compgen -W "png pdf svg" -- "$cur") && return ;;
        --coordinator) mapfile -t COMPREPLY < <(compgen -W "auto working dedicated" -- "$cur") && return ;;
        --walltime | --save-every | --set | --ranks | --shard) return ;;
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
        report) options="--ranks --help" ;;
        plot) options="--output --format --kind --help" ;;
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
