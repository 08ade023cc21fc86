package io.slipway.engine.container;

import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Locale;

/** Signal names and numbers of Linux on x86-64 and aarch64. */
final class Signals {
  static final int KILL = 9;
  static final int TERM = 15;

  private static final int MAX = 64;
  private static final int REALTIME_MIN = 34;

  private static final List<String> NAMES =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /** Reads {@code KILL}, {@code SIGKILL}, {@code 9} or {@code RTMIN+1}, in any case. */
  static int parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.startsWith("SIG")) {
      name = name.substring(3);
    }
    int index = NAMES.indexOf(name);
    if (index >= 0) {
      return index + 1;
    }
    int number = number(name);
    if (number < 1 || number > MAX) {
      throw SlipwayException.invalid("invalid signal: " + text);
    }
    return number;
  }

  private static int number(String name) {
    try {
      return switch (name) {
        case "IOT" -> NAMES.indexOf("ABRT") + 1;
        case "POLL" -> NAMES.indexOf("IO") + 1;
        case "CLD" -> NAMES.indexOf("CHLD") + 1;
        case "RTMIN" -> REALTIME_MIN;
        case "RTMAX" -> MAX;
        default ->
            name.startsWith("RTMIN+")
                ? REALTIME_MIN + Integer.parseInt(name.substring("RTMIN+".length()))
                : name.startsWith("RTMAX-")
                    ? MAX - Integer.parseInt(name.substring("RTMAX-".length()))
                    : Integer.parseInt(name);
      };
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
