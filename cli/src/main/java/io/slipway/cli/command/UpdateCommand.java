package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code slipway update}. */
final class UpdateCommand implements Command {
  private static final String IN_RUN = "HostConfig.";

  /** The options of {@code run} that can be changed later. */
  private static final List<String> NAMES =
      List.of(
          "--blkio-weight",
          "--cpu-period",
          "--cpu-quota",
          "--cpu-rt-period",
          "--cpu-rt-runtime",
          "--cpu-shares",
          "--cpus",
          "--cpuset-cpus",
          "--cpuset-mems",
          "--memory",
          "--memory-reservation",
          "--memory-swap",
          "--pids-limit");

  private static List<RunOption> options() {
    return RunOption.TABLE.stream()
        .filter(option -> NAMES.contains(option.names().getLast()))
        .map(option ->
            new RunOption(
                option.kind(),
                option.member().substring(IN_RUN.length()),
                option.usage(),
                option.label(),
                option.names()))
        .toList();
  }

  @Override
  public void describe(CommandSpec spec) {
    Options options = new Options(spec);
    options().forEach(option -> option.describe(options));
    options.text("Restart policy to apply when a container exits", "string", "--restart").words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] CONTAINER [CONTAINER...]";
  }

  @Override
  public int run(Invocation call) throws IOException {
    JsonObject body = new JsonObject();
    options().forEach(option -> option.apply(call, body));
    ContainerRequest.restart(call.text("--restart"), "RestartPolicy", body);
    JsonValue request = body.value();
    if (request.members().isEmpty()) {
      throw new CommandFailure(1, "you must provide one or more flags when using this command");
    }
    return EachName.of(call)
        .run(name -> {
          Query query = Query.of("/containers/" + Query.segment(name) + "/update");
          try (EngineResponse answer = call.client().post(query, request)) {
            for (JsonValue warning : answer.json().get("Warnings").items()) {
              call.console().err().println(warning.text());
            }
            call.console().out().println(name);
          }
        });
  }
}
