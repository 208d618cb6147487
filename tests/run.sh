#!/bin/sh
# Make an environment, install everything the tests need, check style and types, run all tests.
# The tests of files and pages need Chromium and fonts: Debian's packages are installed where that
# is possible, else Playwright's own Chromium is downloaded. Those tests run
# by themselves: a browser that shares its cores draws late. One needs Firefox.
set -eu
cd "$(dirname "$0")/.."

environment=${POOLVIZ_TEST_ENVIRONMENT:-.venv}
[ -x "$environment/bin/python" ] || "${PYTHON:-python3}" -m venv "$environment"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt

have_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
have_firefox() { command -v firefox-esr || command -v firefox; }
have_font() { command -v fc-list && [ -n "$(fc-list :lang=zh)" ] && [ -n "$(fc-list "DejaVu Sans")" ]; }
install_packages() {
    command -v apt-get || return 1
    if [ "$(id -u)" = 0 ]; then root=; else root="sudo -n"; fi
    $root apt-get update -qq
    $root apt-get install -y -qq chromium fonts-noto-cjk fonts-dejavu-core fontconfig
    $root apt-get install -y -qq firefox-esr
}

if ! have_browser >/dev/null || ! have_font >/dev/null || ! have_firefox >/dev/null; then
    install_packages >/dev/null 2>&1 ||
        echo "apt-get could not install chromium, firefox-esr, fonts-noto-cjk and fonts-dejavu-core."
fi
if ! have_browser >/dev/null; then
    "$environment/bin/python" -m playwright install chromium ||
        echo "NO BROWSER: install Chromium (Debian: chromium, fonts-noto-cjk, fonts-dejavu-core). Its tests will fail."
fi
have_firefox >/dev/null || echo "NO FIREFOX: install it (Debian: firefox-esr). Its test will fail."
run_tests() { "$environment/bin/python" -m pytest "$@"; }
# The types take half a minute of one core, beside the tests; what takes twenty minutes hangs.
check() {
    "$environment/bin/python" -m ruff check --quiet . &&
        "$environment/bin/python" -m ruff format --quiet --check . &&
        "$environment/bin/deno" lint --quiet && "$environment/bin/deno" fmt --quiet --check &&
        "$environment/bin/deno" check --quiet poolviz tests &&
        timeout 1200 "$environment/bin/python" -m pyright --pythonpath "$environment/bin/python"
}
failed=0
said=$(mktemp)
check >"$said" 2>&1 &
checking=$!
run_tests -n auto --dist loadfile --ignore=tests/browser || failed=1
wait "$checking" || failed=1
cat "$said"
rm "$said"
run_tests tests/browser || failed=1
exit "$failed"
