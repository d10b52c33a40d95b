# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for lacuna(1)

_lacuna_names()
{
  lacuna "$1" --json 2>/dev/null | grep -o '"name":"[^"]*"' | cut -d'"' -f4
}

_lacuna()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options IFS=$'\n'

  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W $'fill\nexplain\ndevices\nmodels\nimport\ntrain\neval\nbench\ntune\n--help\n--version' -- "$word")
               $(compgen -f -- "$word"))
    return
  fi
  case $before in
    -m|--model|-w|--weights|-b|--base)
      COMPREPLY=($(compgen -W "$(_lacuna_names models)" -- "$word") $(compgen -f -X '!*.safetensors' -- "$word"))
      return;;
    -d|--device)
      COMPREPLY=($(compgen -W "$(_lacuna_names devices)" -- "$word"))
      return;;
    -s|--stages|--provenance)
      COMPREPLY=($(compgen -d -- "$word"))
      return;;
    --set)
      compopt -o nospace
      COMPREPLY=($(compgen -S = -W "$(lacuna train --set help 2>/dev/null | grep -o '^ *[a-z0-9_]*' | tr -d ' ')" -- "$word"))
      return;;
    -p|--preset)
      COMPREPLY=($(compgen -W $'quick\nthorough\nphoto' -- "$word"))
      return;;
    --precision)
      COMPREPLY=($(compgen -W $'fp32\nfp16' -- "$word"))
      return;;
    export|rename|remove)
      COMPREPLY=($(compgen -W "$(_lacuna_names models)" -- "$word"))
      return;;
    --size|--runs|--strength|--variant|--point|--hole|-n|--name|--steps|--batch|--side|--rate|--width|--seed)
      return;;
  esac
  case ${COMP_WORDS[1]} in
    train) options=$'--name\n--base\n--preset\n--steps\n--batch\n--side\n--rate\n--width\n--set\n--held-out\n--report\n--seed\n--resume\n--device\n--json\n--help';;
    fill) options=$'--output\n--masks\n--model\n--device\n--stages\n--avoid\n--prefer\n--strength\n--steer\n--lines\n--turned\n--mirrored\n--scaled\n--variant\n--provenance\n--record\n--patch\n--detail\n--grow\n--explain\n--force\n--json\n--help';;
    explain) options=$'--output\n--point\n--json\n--model\n--device\n--grow\n--avoid\n--prefer\n--strength\n--steer\n--lines\n--turned\n--mirrored\n--scaled\n--variant\n--detail\n--help';;
    eval) options=$'--masks\n--model\n--device\n--detail\n--variant\n--keep\n--sheet\n--json\n--help';;
    bench) options=$'generator\nfill\nops\ntrain\n--weights\n--size\n--runs\n--hole\n--width\n--side\n--batch\n--device\n--json\n--help';;
    models) options=$'export\nrename\nremove\nrestore\n--precision\n--json\n--help';;
    import) options=$'--name\n--json\n--help';;
    tune) options=$'--device\n--json\n--help';;
    *) options=$'--json\n--help';;
  esac
  case ${COMP_WORDS[1]}:$word in
    *:-*|bench:*|models:*) COMPREPLY=($(compgen -W "$options" -- "$word"));;
    *) COMPREPLY=($(compgen -f -- "$word"));;
  esac
}

complete -o filenames -F _lacuna lacuna
