#compdef plimsoll

_plimsoll() {
  local -a commands
  commands=(
    'run:The nightly batch every measure that the books run.json asks for, one report.'
    'check:Reads and validates a book; computes no measure.'
    'greeks:Values and Greeks of options, row by row.'
    'implied-vol:Implied volatilities of option prices, row by row.'
    'margin:What each account must hold, under one or more named models.'
    'compare:Isolated, cross and portfolio margin side by side, and where the saving comes from.'
    'var:Monte Carlo value at risk and expected shortfall of each account and the book.'
    'stress:Profit and loss of each account and the book under the named stresses.'
    'explain:Why an accounts figures are what they are the binding scenario, its legs, what is near.'
    'replay:Marks a book with later markets who is called or liquidated in each mode, and what explains it.'
    'report:A report as one self-contained page which mode is cheapest, by how much and why.'
    'import:Turns an exchanges file into a book.'
    'sample:Writes a synthetic crypto desk as a book.'
    'models:The margin models by name modes, how far they are trusted, every parameter.'
    'schema:The JSON Schemas (2020-12) of every document read and written.'
    'completions:A completion script for a shell.'
    'manual:The manual page, as mdoc.'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local verb=${words[2]}
  shift words
  (( CURRENT-- ))
  case $verb in
    run) _arguments '--out[folder of the report; without it, standard output]:DIR:_files' '--seed[first state of the generator; default run.jsons]:N:_files' '--paths[simulated paths; default run.jsons]:N:_files' '--detail[how far margin is taken apart; default run.jsons, else summary]:LEVEL:(summary full)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--fail-on[exit with status 3 when an accounts equity is below maintenance]:CONDITION:(breach)' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    check) _arguments '--format[default table, text for people]:FORMAT:(json jsonl table)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    greeks) _arguments '--format[default csv]:FORMAT:(csv json jsonl)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--strict[stop with status 65 at the first row that would be set aside]' '--help[this screen]' '*:file:_files' ;;
    implied-vol) _arguments '--format[default csv]:FORMAT:(csv json jsonl)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--strict[stop with status 65 at the first row that would be set aside]' '--help[this screen]' '*:file:_files' ;;
    margin) _arguments '*--model[a margin model, as `plimsoll models` names it; default run.jsons]:NAME:_files' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    compare) _arguments '*--models[a venue, or ISOLATED,CROSS,PORTFOLIO; the first is the primary; default run.jsons]:NAMES:_files' '--detail[how far margin is taken apart; default run.jsons, else full up to 1,000 accounts]:LEVEL:(summary full)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    var) _arguments '--seed[first state of the generator; default run.jsons]:N:_files' '--paths[simulated paths; default run.jsons]:N:_files' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    stress) _arguments '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    explain) _arguments '--seed[first state of the generator; default run.jsons]:N:_files' '--paths[simulated paths; default run.jsons]:N:_files' '--detail[how far margin is taken apart; default run.jsons, else full up to 1,000 accounts]:LEVEL:(summary full)' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table, text for people]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    replay) _arguments '--models[a venue, or models of the three modes ISOLATED,CROSS,PORTFOLIO; default run.jsons]:NAMES:_files' '--history[hold the book over the dates of its history.csv as well]' '--days[the most dates of --history, at most 2000; default 120]:N:_files' '--volatility[volatilities of past dates held (default), or scaled by realised volatility (EWMA, 0.97 a day)]:HOW:(held realised)' '--hold-time[foresee with time standing still; default time moved to the later market]' '--surface[add the first days surface for the last market, account by account]' '--out[folder of replay.json; without it, standard output]:DIR:_files' '--threads[threads, at most 1024; default the processors allowed; no figure depends on it]:N:_files' '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--strict[stop with status 65 at the first row that would be set aside]' '--max-refused[stop with status 65 when more rows of a file are set aside; default more than 1 % and more than 10]:N|P%:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    report) _arguments '--html[where to write the page; without it, standard output]:FILE:_files' '*--account[draw this account instead of those nearest to liquidation]:ID:_files' '--accounts[accounts of a large report; default accounts.jsonl beside it]:FILE:_files' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    import) _arguments '--out[the folder to write the book to; needed]:BOOK:_files' '--forwards[quoted (default), or marks the forward at which the marks of call and put agree]:FROM:(quoted marks)' '--quiet[say nothing but errors]' '--help[this screen]' '*:word:(deribit)' ;;
    sample) _arguments '--accounts[how many accounts; default 200]:N:_files' '--seed[another seed, another desk; default 1]:N:_files' '--instruments[the most contracts traded, 100 to 10000; default by the accounts]:N:_files' '--market[trade what this book or market.json quotes; default a made-up market]:BOOK:_files' '--week[add two later markets of a week in which coins fell, for `plimsoll replay`]' '--quiet[say nothing but errors]' '--help[this screen]' '*:file:_files' ;;
    models) _arguments '--format[default table on a terminal, json elsewhere]:FORMAT:(json jsonl table)' '--help[this screen]' ;;
    schema) _arguments '--help[this screen]' '*:word:(account-1 explanation-1 market-1 replay-1 report-1 run-1)' ;;
    completions) _arguments '--help[this screen]' '*:word:(bash zsh fish)' ;;
    manual) _arguments '--help[this screen]' ;;
  esac
}

_plimsoll "$@"
