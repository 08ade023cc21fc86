package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code --health-*} and {@code --no-healthcheck}. */
final class HealthOptions {
  private static final String MEMBER = "Healthcheck.";
  private static final String COMMAND = "--health-cmd";
  private static final String RETRIES = "--health-retries";
  private static final String NONE = "--no-healthcheck";

  /** Options that are durations, and their members. */
  private static final Map<String, String> DURATIONS =
      new TreeMap<>(
          Map.of(
              "--health-interval", "Interval",
              "--health-timeout", "Timeout",
              "--health-start-period", "StartPeriod",
              "--health-start-interval", "StartInterval"));

  private HealthOptions() {}

  static void describe(Options options) {
    options
        .text("Command to run to check health", "string", COMMAND)
        .text("Consecutive failures needed to report unhealthy", "int", RETRIES)
        .flag("Disable any container-specified HEALTHCHECK", NONE);
    DURATIONS
        .keySet()
        .forEach(name ->
            options.text(
                "Time of the health check: "
                    + name.substring("--health-".length()).replace('-', ' '),
                "duration",
                name));
  }

  static void apply(Invocation call, JsonObject body) {
    String command = call.text(COMMAND);
    boolean timed = DURATIONS.keySet().stream().anyMatch(name -> !call.text(name).isEmpty());
    if (call.flag(NONE)) {
      if (!command.isEmpty() || timed || !call.text(RETRIES).isEmpty()) {
        throw new CommandFailure(125, "--no-healthcheck conflicts with --health-* options");
      }
      body.putTexts(MEMBER + "Test", List.of("NONE"));
      return;
    }
    if (!command.isEmpty()) {
      body.putTexts(MEMBER + "Test", List.of("CMD-SHELL", command));
    }
    DURATIONS.forEach((name, member) -> {
      if (!call.text(name).isEmpty()) {
        long nanos = GoDuration.parse(name, call.text(name));
        body.put(MEMBER + member, new JsonValue.Num(Long.toString(nanos)));
      }
    });
    String retries = call.text(RETRIES);
    if (!retries.isEmpty()) {
      body.put(MEMBER + "Retries", RunOption.number(RETRIES, retries));
    }
  }
}
