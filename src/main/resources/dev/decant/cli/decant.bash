# bash completion for decant                                -*- shell-script -*-
# Asks decant itself what could come next, so that it knows the hosts and releases of the project.
# `decant completion bash` prints it.

_decant() {
    local line answer
    COMPREPLY=()
    mapfile -t answer < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    case ${answer[0]-} in
    files) compopt -o default ;;
    folders)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "${COMP_WORDS[COMP_CWORD]}")
        ;;
    words)
        for line in "${answer[@]:1}"; do
            COMPREPLY+=("${line%%$'\t'*}")
        done
        # bash has taken --hosts=web1 apart, and replaces what is behind the sign.
        if [[ ${#COMPREPLY[@]} -gt 0 && ${COMP_WORDS[COMP_CWORD]} != *=* ]]; then
            COMPREPLY=("${COMPREPLY[@]#--*=}")
        fi
        ;;
    esac
}

complete -F _decant decant
