package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineResponse;
import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code slipway build}. A daemon of ours on this machine reads the context directory in place; any
 * other daemon gets it as a tar, as docker sends it.
 */
final class BuildCommand implements Command {
  /** What a shell gives for a program that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec)
        .list("Add a custom host-to-IP mapping (format: \"host:ip\")", "list", "--add-host")
        .list("Allow extra privileged entitlement (e.g., \"network.host\")", "list", "--allow")
        .list("Set build-time variables", "list", "--build-arg")
        .text("Name of the Dockerfile (default: \"PATH/Dockerfile\")", "string", "-f", "--file")
        .flag("Tell everything that is known of why steps are not cached", "--explain")
        .text("Write the image ID to a file", "string", "--iidfile")
        .list("Set metadata for an image", "list", "--label")
        .text("Set the networking mode for the RUN instructions", "string", "--network")
        .flag("Do not use cache when building the image", "--no-cache")
        .text("Set target platform for build", "string", "--platform")
        .text(
            "Set type of progress output (\"auto\", \"plain\", \"tty\", \"quiet\", \"rawjson\")",
            "string",
            "--progress")
        .flag("Always attempt to pull all referenced images", "--pull")
        .flag("Suppress the build output and print image ID on success", "-q", "--quiet")
        .list(
            "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")",
            "list",
            "--secret")
        .list("SSH agent socket to expose to the build (\"default|id[=socket]\")", "list", "--ssh")
        .text("Shared memory size for build containers", "bytes", "--shm-size")
        .list("Name and optionally a tag (format: \"name:tag\")", "list", "-t", "--tag")
        .text("Set the target build stage to build", "string", "--target")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] PATH | -";
  }

  @Override
  public int run(Invocation call) throws IOException {
    String where = call.arguments(1).getFirst();
    Progress progress = Progress.of(call);
    EngineClient client = call.client();
    Query query = query(call, progress);
    Map<String, String> headers =
        new LinkedHashMap<>(Map.of("X-Registry-Config", DockerConfig.load().allHeader()));
    BuildContextUpload context = BuildContextUpload.of(call, client, where);
    BuildLoans loans = BuildLoans.of(call);
    OpenedSession session = OpenedSession.open(client, loans, 0);
    tellInterrupt(call);
    BuildAnswer result;
    try (BuildScreen screen = progress.screen(call.console(), call.flag("--explain"));
        EngineResponse answer = context.send(client, session.on(query), headers)) {
      result = new BuildAnswer(screen);
      answer.eachJson(result);
    }
    return finish(call, progress, result);
  }

  /** The daemon ends the build when its connection does; all that is left here is to say so. */
  private static void tellInterrupt(Invocation call) {
    Signals.handle(
        "INT",
        name -> {
          call.console().flush();
          call.console().err().println("\nERROR: build cancelled");
          call.console().err().flush();
          Runtime.getRuntime().halt(INTERRUPTED);
        });
  }

  private static int finish(Invocation call, Progress progress, BuildAnswer result)
      throws IOException {
    call.console().flush();
    if (!result.error().isEmpty()) {
      throw new CommandFailure(result.exitCode(), "ERROR: failed to build: " + result.error());
    }
    if (result.imageId().isEmpty()) {
      throw new CommandFailure(1, "ERROR: the daemon ended the build without an image");
    }
    String file = call.text("--iidfile");
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), result.imageId());
    }
    if (progress == Progress.QUIET) {
      call.console().out().println(result.imageId());
    }
    return 0;
  }

  private static Query query(Invocation call, Progress progress) {
    Query query = Query.of("/build").with("progress", progress.wire());
    for (String tag : call.list("--tag")) {
      query = query.with("t", tag);
    }
    for (String host : call.list("--add-host")) {
      query = query.with("extrahosts", host);
    }
    for (String entitlement : call.list("--allow")) {
      query = query.with("allow", entitlement);
    }
    String shm = call.text("--shm-size");
    return query
        .ifPresent("buildargs", pairs(call.list("--build-arg"), true))
        .ifPresent("labels", pairs(call.list("--label"), false))
        .ifPresent("networkmode", call.text("--network"))
        .ifPresent("platform", call.text("--platform"))
        .ifPresent("target", call.text("--target"))
        .ifPresent("shmsize", shm.isEmpty() ? "" : "" + ByteSize.parse("--shm-size", shm))
        .flag("explain", call.flag("--explain"))
        .flag("nocache", call.flag("--no-cache"))
        .flag("pull", call.flag("--pull"));
  }

  /** {@code name=value} options as a JSON object; a build argument without value takes ours. */
  private static String pairs(List<String> options, boolean fromEnvironment) {
    if (options.isEmpty()) {
      return "";
    }
    Map<String, JsonValue> pairs = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String own = fromEnvironment ? System.getenv(name) : "";
      if (equals >= 0) {
        pairs.put(name, new JsonValue.Text(option.substring(equals + 1)));
      } else {
        pairs.put(name, own == null ? new JsonValue.Null() : new JsonValue.Text(own));
      }
    }
    return new JsonValue.Obj(pairs).print(false);
  }

  /** How a build is shown. */
  enum Progress {
    TTY("rawjson"),
    PLAIN("plain"),
    RAWJSON("rawjson"),
    QUIET("plain");

    private final String wire;

    Progress(String wire) {
      this.wire = wire;
    }

    /** What is asked of the daemon. */
    String wire() {
      return wire;
    }

    static Progress of(Invocation call) {
      if (call.flag("--quiet")) {
        return QUIET;
      }
      return switch (call.text("--progress")) {
        case "", "auto" -> call.console().terminalErr() ? TTY : PLAIN;
        case "tty" -> TTY;
        case "plain" -> PLAIN;
        case "quiet" -> QUIET;
        case "rawjson" -> RAWJSON;
        default -> throw new UsageException("invalid progress mode " + call.text("--progress"));
      };
    }

    BuildScreen screen(Console console, boolean explain) {
      return switch (this) {
        case TTY -> new LiveBuildScreen(console.err(), explain);
        case PLAIN -> new TextBuildScreen(console.err(), false);
        case RAWJSON -> new TextBuildScreen(console.err(), true);
        case QUIET -> new TextBuildScreen(new PrintStream(OutputStream.nullOutputStream()), false);
      };
    }
  }
}
