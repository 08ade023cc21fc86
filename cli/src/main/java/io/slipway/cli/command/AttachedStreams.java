package io.slipway.cli.command;

import java.util.List;
import java.util.Locale;

/** Which of the container's streams a foreground run is joined to: {@code -a}, else all it has. */
record AttachedStreams(boolean stdin, boolean stdout, boolean stderr) {
  static AttachedStreams of(Invocation call, boolean attached) {
    List<String> chosen =
        call.list("--attach").stream().map(s -> s.toLowerCase(Locale.ROOT)).toList();
    for (String stream : chosen) {
      if (!List.of("stdin", "stdout", "stderr").contains(stream)) {
        throw RunOption.invalid(
            "-a, --attach", stream, "valid streams are STDIN, STDOUT and STDERR");
      }
    }
    if (!attached) {
      return new AttachedStreams(false, false, false);
    }
    boolean all = chosen.isEmpty();
    return new AttachedStreams(
        call.flag("--interactive") && (all || chosen.contains("stdin")),
        all || chosen.contains("stdout"),
        all || chosen.contains("stderr"));
  }
}
