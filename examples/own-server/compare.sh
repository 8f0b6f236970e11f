#!/bin/sh
# Measures serve.py and llama-server, one after the other, with the same requests: task × mode × parallelism, then the matrix.
#
#   ./compare.sh MODEL.gguf [FOLDER]
#
# PYTHON is the Python with the packages of requirements.txt. TASKS, MODES, PARALLEL, REQUESTS and MAX_TOKENS make it
# smaller or larger; ENDPOINT=completions sends plain prompts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
model=${1:?"missing model, usage: ./compare.sh MODEL.gguf [FOLDER]"}
folder=${2:-runs/own-server}
python=${PYTHON:-python3}

bench() {
  node "$here/../../bench-runner" "$@" --output "$folder" --quiet \
    --endpoint "${ENDPOINT:-chat}" --mix "$task=1" --mode "$mode" --vus "$parallel" --iterations "${REQUESTS:-8}" \
    --n-prompts "${REQUESTS:-8}" --max-prompt-tokens "${WORDS:-300}" --max-tokens "${MAX_TOKENS:-32}" \
    --seed 42 --tokenizer words --temperature 0 --truncated-limit 1
}

for task in ${TASKS:-chat summarization question-answering code}; do
  for mode in ${MODES:-stream sync}; do
    for parallel in ${PARALLEL:-1 4}; do
      # The same seed and the same options: both get the same prompts. {model} is the value of `--model`.
      bench --server-command "\"$python\" \"$here/serve.py\" --model {model} --port {port} --threads ${THREADS:-2}" \
        --server-name serve.py --model "$model" --model-alias my-model
      bench --model "$model" --parallel 4 --ctx-size 8192 --llama-server-arg "--threads ${THREADS:-2}"
    done
  done
done
exec node "$here/../../bench-runner" matrix "$folder" --output "$folder/matrix"
