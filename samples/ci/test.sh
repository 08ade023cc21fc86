# The tests of greet.sh; the first that fails ends the build.
set -eu
GREET_TEST=1
. ./greet.sh
check() {
  actual=$(greeting $2)
  if [ "$actual" != "$3" ]; then
    echo "FAIL $1: got '$actual', wanted '$3'"
    exit 1
  fi
  echo "ok $1"
}
check "greets by name" Ada "Hello, Ada!"
check "greets a stranger" "" "Hello, stranger!"
