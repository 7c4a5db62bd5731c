#!/bin/sh
# total.sh FOLDER: what the runners of test.sh left there, in one line; exit status 1 when anything failed.
# A runner that ended badly without naming a test that failed counts as one failure: it never got to say it.

set -eu
logs=$1
passed=0 failed=0 skipped=0

# plain FILE: without colours; nothing where there is no such file.
plain() { sed 's/\x1b\[[0-9;]*m//g' "$1" 2>/dev/null || true; }

# first PATTERN: the number in what PATTERN first matches on standard input, else 0.
first() { grep -o "$1" | awk 'NR == 1 { gsub(/[^0-9]/, ""); number = $0 } END { print number + 0 }'; }

# sum PATTERN: the same, added up over all matches.
sum() { grep -o "$1" | awk '{ gsub(/[^0-9]/, ""); total += $0 } END { print total + 0 }'; }

for status in "$logs"/*.status; do
    name=$(basename "$status" .status)
    p=0 f=0 s=0
    case $name in
        app) ;;
        types) [ "$(cat "$status")" -ne 0 ] || p=1 ;;
        rust)
            suites() { plain "$logs/rust.xml" | grep '<testsuites ' | first "$1"; }
            f=$(($(suites 'failures="[0-9]*"') + $(suites 'errors="[0-9]*"')))
            p=$(($(suites 'tests="[0-9]*"') - f))
            # nextest's report leaves out what it skipped; its summary has it.
            s=$(plain "$logs/rust.log" | grep '^ *Summary' | tail -n 1 | first '[0-9]* skipped')
            ;;
        examples)
            results() { plain "$logs/examples.log" | grep '^test result:' | sum "[0-9]* $1"; }
            p=$(results passed) f=$(results failed) s=$(results ignored)
            ;;
        ui)
            tests() { plain "$logs/ui.json" | first "\"num$1Tests\":[0-9]*"; }
            p=$(tests Passed) f=$(tests Failed) s=$(($(tests Pending) + $(tests Todo)))
            ;;
    esac
    if [ "$(cat "$status")" -ne 0 ] && [ "$f" -eq 0 ]; then
        echo "$name ended with status $(cat "$status") and named no test that failed: counted as one failure." >&2
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
if [ "$passed" -eq 0 ] && [ "$failed" -eq 0 ]; then
    echo "No test ran: counted as one failure." >&2
    failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
