package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The names STOPSIGNAL takes; any number but 0 is taken too. */
final class Signals {
  private static final List<String> PLAIN =
      List.of(
          "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
          "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
          "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
          "RTMIN", "RTMAX");
  private static final Set<String> NAMES =
      Stream.of(
              PLAIN.stream(),
              IntStream.rangeClosed(1, 15).mapToObj(n -> "RTMIN+" + n),
              IntStream.rangeClosed(1, 14).mapToObj(n -> "RTMAX-" + n))
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private Signals() {}

  static void check(String signal) {
    String name = signal.toUpperCase(Locale.ROOT);
    boolean known =
        name.matches("[0-9]{1,9}")
            ? Integer.parseInt(name) != 0
            : NAMES.contains(name.startsWith("SIG") ? name.substring(3) : name);
    if (!known) {
      throw SlipwayException.invalid("invalid signal: " + signal);
    }
  }
}
