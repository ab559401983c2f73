#compdef decant
# Asks decant itself what could come next, so that it knows the hosts and releases of the project.
# `decant completion zsh` prints it.

_decant() {
    local line word
    local -a answer found options
    answer=("${(@f)$(${~words[1]} __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    case $answer[1] in
    (files) _files ;;
    (folders) _files -/ ;;
    (words)
        for line in "${(@)answer[2,-1]}"; do
            word=${line%%$'\t'*}
            found+=("${word//:/\\:}${${line#$word}/$'\t'/:}")
        done
        if [[ $words[CURRENT] == -* || $found[1] == -* ]]; then options=(-o); fi
        _describe $options -V decant found
        ;;
    esac
}

# Either a file of $fpath, read when it is first needed, or sourced.
if [[ ${funcstack[1]-} == _decant ]]; then
    _decant "$@"
else
    compdef _decant decant
fi
