#!/bin/sh
# Double-click: finds Python and runs the app. ダブルクリックで tenbin を開きます。
cd "${0%/*}" || exit 1

try() {
  command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
  if try "$name"; then
    echo "tenbin を始めます。初回はインターネットから部品を入れるため、数分かかります。"
    echo "Starting tenbin. The first time takes some minutes: parts are fetched from the internet."
    "$name" run.py app "$@"
    code=$?
    break
  fi
done

if [ -z "$code" ]; then
  echo "Python 3.11 以降が見つかりません。https://www.python.org/downloads/ から入れて、もう一度このファイルを開いてください。" >&2
  echo "Python 3.11 or newer was not found. Install it from https://www.python.org/downloads/ and open this file again." >&2
  code=1
fi
if [ "$code" -ne 0 ] && [ -t 0 ]; then
  echo "Enter キーで閉じます。 / Press Enter to close."
  read -r _
fi
exit "$code"
