# Asks decant itself what could come next, so that it knows the hosts and releases of the project.
# `decant completion fish` prints it.

function __decant_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l answer ($program __complete $words "$typed" 2>/dev/null)
    set -l kind $answer[1]
    set -e answer[1]
    switch "$kind"
        case files
            __fish_complete_path "$typed"
        case folders
            __fish_complete_directories "$typed" ''
        case words
            string join \n -- $answer
    end
end

complete -c decant -f -a '(__decant_complete)'
