_plimsoll() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'run check greeks implied-vol margin compare var stress backtest calibrate explain what-if replay report import sample models schema completions manual --help --version' -- "$word"))
    return
  fi
  case "${COMP_WORDS[1]} $previous" in
    'run --detail') COMPREPLY=($(compgen -W 'summary full' -- "$word")); return ;;
    'run --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'run --fail-on') COMPREPLY=($(compgen -W 'breach' -- "$word")); return ;;
    'check --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'greeks --format') COMPREPLY=($(compgen -W 'csv json jsonl' -- "$word")); return ;;
    'implied-vol --format') COMPREPLY=($(compgen -W 'csv json jsonl' -- "$word")); return ;;
    'margin --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'compare --detail') COMPREPLY=($(compgen -W 'summary full' -- "$word")); return ;;
    'compare --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'var --method') COMPREPLY=($(compgen -W 'parametric cornish_fisher delta_gamma historical filtered_historical monte_carlo' -- "$word")); return ;;
    'var --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'stress --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'backtest --method') COMPREPLY=($(compgen -W 'parametric cornish_fisher delta_gamma historical filtered_historical monte_carlo' -- "$word")); return ;;
    'backtest --market') COMPREPLY=($(compgen -W 'past today' -- "$word")); return ;;
    'backtest --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'backtest --fail-on') COMPREPLY=($(compgen -W 'breach' -- "$word")); return ;;
    'calibrate --model') COMPREPLY=($(compgen -W 'svi ssvi' -- "$word")); return ;;
    'calibrate --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'explain --detail') COMPREPLY=($(compgen -W 'summary full' -- "$word")); return ;;
    'explain --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'what-if --test') COMPREPLY=($(compgen -W 'initial maintenance' -- "$word")); return ;;
    'what-if --mode') COMPREPLY=($(compgen -W 'isolated cross portfolio' -- "$word")); return ;;
    'what-if --by') COMPREPLY=($(compgen -W 'capital requirement' -- "$word")); return ;;
    'what-if --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'replay --volatility') COMPREPLY=($(compgen -W 'held realised' -- "$word")); return ;;
    'replay --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
    'import --forwards') COMPREPLY=($(compgen -W 'quoted marks' -- "$word")); return ;;
    'models --format') COMPREPLY=($(compgen -W 'json jsonl table' -- "$word")); return ;;
  esac
  case "${COMP_WORDS[1]}" in
    run)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--out --model-file --seed --paths --detail --threads --format --strict --max-refused --fail-on --history --book --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    check)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--model-file --format --threads --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    greeks)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--format --threads --strict --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    implied-vol)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--format --threads --strict --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    margin)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--model --model-file --span-file --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    compare)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--models --model-file --paths --seed --detail --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    var)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--method --seed --paths --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    stress)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--scenario --ladder --reverse --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    backtest)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--method --window --days --market --accounts --history --book --seed --paths --threads --format --strict --max-refused --fail-on --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    calibrate)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--model --allow-arbitrage --out --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    explain)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--model-file --seed --paths --detail --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    what-if)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--trade --trades --together --largest --test --lot --cure --target --with --cost-bps --mode --split --limit --by --model --model-file --seed --paths --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    replay)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--models --history --days --volatility --hold-time --surface --out --threads --format --strict --max-refused --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    report)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--html --account --accounts --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    import)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--out --forwards --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W 'deribit' -- "$word")) ;;
      esac ;;
    sample)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--accounts --seed --instruments --market --week --quiet --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    models)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--template --format --help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
    schema)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W 'account-1 backtest-1 calibration-1 explanation-1 market-1 model-1 replay-1 report-1 run-1 what-if-1' -- "$word")) ;;
      esac ;;
    completions)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")) ;;
      esac ;;
    manual)
      case "$word" in
        -*) COMPREPLY=($(compgen -W '--help' -- "$word")) ;;
        *) COMPREPLY=($(compgen -f -- "$word")) ;;
      esac ;;
  esac
}
complete -o filenames -o bashdefault -F _plimsoll plimsoll
