greeting() {
  echo "Hello, ${1:-stranger}!"
}
[ -n "${GREET_TEST:-}" ] || greeting "$@"
