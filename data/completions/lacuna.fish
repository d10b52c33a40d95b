# fish completion for lacuna(1)

function __lacuna_names
    lacuna $argv[1] --json 2>/dev/null | string match -ra '"name":"[^"]*"' | string replace -r '"name":"(.*)"' '$1'
end

complete -c lacuna -n __fish_use_subcommand -a fill -d 'Remove what a mask marks from photos'
complete -c lacuna -n __fish_use_subcommand -a devices -d 'List the OpenCL devices'
complete -c lacuna -n __fish_use_subcommand -a models -d 'List the models'
complete -c lacuna -n __fish_use_subcommand -a train -d 'Learn from a folder of photos'
complete -c lacuna -n __fish_use_subcommand -a eval -d 'Measure how well a model fills photos that are known'
complete -c lacuna -n __fish_use_subcommand -a bench -d 'Measure how long the network takes'
complete -c lacuna -n __fish_use_subcommand -a tune -d 'Find what suits a device'
complete -c lacuna -n __fish_use_subcommand -f -l version -d 'Show the version'
complete -c lacuna -f -l help -d 'Show help'
complete -c lacuna -n '__fish_seen_subcommand_from fill devices models train eval bench tune' -l json -d 'Print JSON'
complete -c lacuna -n '__fish_seen_subcommand_from fill train eval bench tune' -s d -l device -x -a '(__lacuna_names devices)' -d 'OpenCL device'
complete -c lacuna -n '__fish_seen_subcommand_from fill eval' -s m -l model -r -a '(__lacuna_names models)' -d Model
complete -c lacuna -n '__fish_seen_subcommand_from fill' -s o -l output -r -d 'File or folder to write'
complete -c lacuna -n '__fish_seen_subcommand_from fill eval' -l detail -x -a 'on off' -d 'Pixels of the photo at full resolution'
complete -c lacuna -n '__fish_seen_subcommand_from fill' -l force -d 'Overwrite the photo itself, or a write-protected file'
complete -c lacuna -n '__fish_seen_subcommand_from fill' -l grow -x -d 'Grow the marked area by pixels'
complete -c lacuna -n '__fish_seen_subcommand_from fill' -l explain -d 'Print first which windows are filled and why'
complete -c lacuna -n '__fish_seen_subcommand_from fill' -s s -l stages -x -a '(__fish_complete_directories)' -d 'Write the stages of the network'
complete -c lacuna -n '__fish_seen_subcommand_from eval' -l keep -x -a '(__fish_complete_directories)' -d 'Keep the fills'
complete -c lacuna -n '__fish_seen_subcommand_from eval' -l sheet -r -d 'Write a contact sheet'
complete -c lacuna -n '__fish_seen_subcommand_from fill eval' -l masks -r -d 'Folder of masks, or the mask of all photos'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -f -a 'generator fill ops train'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -s w -l weights -r -a '(__lacuna_names models)' -d Model
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l size -x -d 'Pixels a side'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l runs -x -d 'Timed runs'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l hole -x -d 'Side of the hole, as a share'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l width -x -d 'Channels of the first layer that learns'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l side -x -d 'Pixels a side of the crops learnt from'
complete -c lacuna -n '__fish_seen_subcommand_from bench' -l batch -x -d 'Crops of a step'
complete -c lacuna -n '__fish_seen_subcommand_from train' -s n -l name -x -d 'Name of the model to be'
complete -c lacuna -n '__fish_seen_subcommand_from train' -s b -l base -r -a 'none (__lacuna_names models)' -d 'Model to start from'
complete -c lacuna -n '__fish_seen_subcommand_from train' -s p -l preset -x -a 'quick thorough photo' -d Preset
complete -c lacuna -n '__fish_seen_subcommand_from train' -s r -l resume -d 'Go on from the last snapshot'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l steps -x -d Batches
complete -c lacuna -n '__fish_seen_subcommand_from train' -l batch -x -d 'Crops of a batch'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l side -x -d 'Pixels of a crop'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l rate -x -d 'Learning rate'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l width -x -d 'Width of random weights'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l set -x -a '(lacuna train --set help 2>/dev/null | string replace -rf "^(\w+).*" "\$1=")' -d 'Any hyperparameter'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l held-out -r -a '(__fish_complete_directories)' -d 'Judge by these photos'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l report -r -F -d 'Write losses and scores into a file'
complete -c lacuna -n '__fish_seen_subcommand_from train' -l seed -x -d 'Of all that is random'
