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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code slipway build}. A daemon of ours on this machine reads the context directory in place; any
 * other daemon gets it as a tar, as docker sends it.
 */
final class BuildCommand implements Command {
  /** What a shell gives for a program that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  @Override
  public void describe(CommandSpec spec) {
    BuildLimits.describe(new Options(spec));
    new Options(spec)
        .list("Add a custom host-to-IP mapping (format: \"host:ip\")", "list", "--add-host")
        .list("Allow extra privileged entitlement (e.g., \"network.host\")", "list", "--allow")
        .list("Set build-time variables", "list", "--build-arg")
        .list("Additional build contexts (e.g., name=path)", "list", "--build-context")
        .text("Name of the Dockerfile (default: \"PATH/Dockerfile\")", "string", "-f", "--file")
        .list("Where results may come from (\"type=registry,ref=...\")", "list", "--cache-from")
        .list("Where results go to (\"type=registry,ref=...,mode=max\")", "list", "--cache-to")
        .flag("For scripts of the classic builder: contexts are not sent but read", "--compress")
        .flag("For scripts of the classic builder: no containers are left", "--force-rm")
        .flag("For scripts of the classic builder: no containers are left", "--rm")
        .flag("Build twice without cache and name the first difference", "--verify-reproducible")
        .flag("Look at the Dockerfile without building: same as --call check", "--check")
        .text("Look at the Dockerfile: check, outline, targets [,format=json]", "string", "--call")
        .flag("Fail on what would pass silently and is hardly meant", "--strict")
        .flag("Tell everything that is known of why steps are not cached", "--explain")
        .text("Write the image ID to a file", "string", "--iidfile")
        .list("Set metadata for an image", "list", "--label")
        .flag("Keep the image in the daemon (what happens without an output)", "--load")
        .text("Write build result metadata to a file", "string", "--metadata-file")
        .text("Set the networking mode for the RUN instructions", "string", "--network")
        .flag("Do not use cache when building the image", "--no-cache")
        .text(
            "Not supported yet: provenance attestations (only \"false\")", "string", "--provenance")
        .text("Not supported yet: SBOM attestations (only \"false\")", "string", "--sbom")
        .list("Not supported yet: attestations", "list", "--attest")
        .list("Do not cache specified stages", "list", "--no-cache-filter")
        .text("What to do when a step fails (\"shell\": open one in it)", "string", "--on-failure")
        .list(
            "Output destination (format: \"type=local,dest=path\"; of another stage than the"
                + " build's: \"target=stage\")",
            "list",
            "-o",
            "--output")
        .text("Set target platforms for build, separated by commas", "string", "--platform")
        .text(
            "Set type of progress output (\"auto\", \"plain\", \"tty\", \"quiet\", \"rawjson\")",
            "string",
            "--progress")
        .flag("Always attempt to pull all referenced images", "--pull")
        .flag("Push the image to its registry", "--push")
        .flag("Suppress the build output and print image ID on success", "-q", "--quiet")
        .list(
            "Secret to expose to the build (format: \"id=mysecret[,src=/local/secret]\")",
            "list",
            "--secret")
        .flag("Make one layer of all that the build adds to its base image", "--squash")
        .list("SSH agent socket to expose to the build (\"default|id[=socket]\")", "list", "--ssh")
        .text("Shared memory size for build containers", "bytes", "--shm-size")
        .list("Name and optionally a tag (format: \"name:tag\")", "list", "-t", "--tag")
        .text("Set the target build stage to build", "string", "--target")
        .words();
  }

  @Override
  public String arguments() {
    return "[OPTIONS] PATH | URL | -";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    String where = call.arguments(1).getFirst();
    Progress progress = Progress.of(call);
    EngineClient client = call.client();
    String look = call.flag("--check") ? "check" : call.text("--call");
    if (!look.isEmpty() && !look.equals("build")) {
      return look(call, BuildCalls.parse(look), query(call, progress), where);
    }
    refuseAttestations(call);
    boolean enter = entersFailure(call);
    var checkout = CheckoutTime.of(where);
    List<BuildOutputOption> outputs = BuildOutputOption.of(call);
    List<OutputReceiver> receivers = BuildOutputOption.receivers(outputs);
    Map<String, String> headers =
        new LinkedHashMap<>(Map.of("X-Registry-Config", DockerConfig.load().allHeader()));
    BuildContextUpload context = BuildContextUpload.of(call, client, where);
    Query query =
        BuildContextsOption.on(query(call, progress), call.list("--build-context"))
            .ifPresent("outputs", BuildOutputOption.wire(outputs))
            .ifPresent("contexttime", checkout.join().orElse(""));
    BuildLoans loans = BuildLoans.of(call);
    OpenedSession session =
        OpenedSession.open(client, loans, context.dockerfile(), receivers.size());
    OutputTransfers transfers = OutputTransfers.start(session, receivers);
    tellInterrupt(call, transfers);
    BuildAnswer result;
    try (BuildScreen screen = progress.screen(call.console(), call.flag("--explain"));
        EngineResponse answer = context.send(client, session.on(query), headers)) {
      result = new BuildAnswer(screen);
      answer.eachJson(result);
    }
    if (result.error().isEmpty()) {
      transfers.finish();
    }
    if (enter && !result.failedStep().isEmpty()) {
      return enter(call, result);
    }
    return finish(call, progress, result, outputs.isEmpty());
  }

  /** Images without what was asked to be attested must not look as if they had it. */
  private static void refuseAttestations(Invocation call) {
    for (String flag : List.of("--provenance", "--sbom")) {
      if (!List.of("", "false").contains(call.text(flag))) {
        throw unsupported(flag + "=" + call.text(flag));
      }
    }
    for (String attestation : call.list("--attest")) {
      if (!List.of(attestation.split(",")).contains("disabled=true")) {
        throw unsupported("--attest " + attestation);
      }
    }
  }

  private static CommandFailure unsupported(String flag) {
    return new CommandFailure(
        1, "ERROR: " + flag + " is not supported: images are built without attestations");
  }

  private static boolean entersFailure(Invocation call) {
    String wish = call.text("--on-failure");
    if (wish.isEmpty()) {
      return false;
    }
    if (!wish.equals("shell")) {
      throw new UsageException("invalid value for --on-failure: \"" + wish + "\": use shell");
    }
    if (!call.console().terminalIn() || !call.console().terminalOut()) {
      throw new CommandFailure(1, "--on-failure shell: the input or output device is not a TTY");
    }
    return true;
  }

  /** A shell in the step that failed; the build stays failed. */
  private static int enter(Invocation call, BuildAnswer result)
      throws IOException, InterruptedException {
    call.console().flush();
    call.console().err().println(failure(result));
    call.console().err().flush();
    new StepVisit(call, result.failedStep()).run(List.of());
    return result.exitCode();
  }

  private static String failure(BuildAnswer result) {
    String message = "ERROR: failed to build: " + result.error();
    return result.failedStep().isEmpty()
        ? message
        : message + "\nTo look around in it: slipway build debug " + result.failedStep();
  }

  private static int look(Invocation call, BuildCalls look, Query query, String where)
      throws IOException {
    BuildContextUpload context = BuildContextUpload.of(call, call.client(), where);
    Map<String, String> headers =
        new LinkedHashMap<>(Map.of("X-Registry-Config", DockerConfig.load().allHeader()));
    try (EngineResponse answer =
        context.send(call.client(), query.with("call", look.call()), headers)) {
      return look.print(answer.json(), call.console().out());
    }
  }

  /** The daemon ends the build when its connection does; what it sends is given up. */
  private static void tellInterrupt(Invocation call, OutputTransfers transfers) {
    Signals.handle(
        "INT",
        name -> {
          try {
            transfers.abort();
          } catch (IOException e) {
            call.console().err().println("cannot give an output up: " + e.getMessage());
          }
          call.console().flush();
          call.console().err().println("\nERROR: build cancelled");
          call.console().err().flush();
          Runtime.getRuntime().halt(INTERRUPTED);
        });
  }

  private static int finish(
      Invocation call, Progress progress, BuildAnswer result, boolean mustBeImage)
      throws IOException {
    call.console().flush();
    if (!result.error().isEmpty()) {
      throw new CommandFailure(result.exitCode(), failure(result));
    }
    if (mustBeImage && result.imageId().isEmpty()) {
      throw new CommandFailure(1, "ERROR: the daemon ended the build without an image");
    }
    String id = result.imageId().isEmpty() ? result.digest() : result.imageId();
    String file = call.text("--iidfile");
    if (!file.isEmpty()) {
      Files.writeString(Path.of(file), id);
    }
    String metadata = call.text("--metadata-file");
    if (!metadata.isEmpty()) {
      Files.writeString(Path.of(metadata), result.metadata(call.list("--tag")).print(true) + "\n");
    }
    if (progress == Progress.QUIET && !id.isEmpty()) {
      call.console().out().println(id);
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
    for (String stages : call.list("--no-cache-filter")) {
      query = query.with("nocachefilter", stages);
    }
    String shm = call.text("--shm-size");
    return BuildLimits.on(query, call)
        .ifPresent("buildargs", pairs(withEpoch(call.list("--build-arg")), true))
        .ifPresent("labels", pairs(call.list("--label"), false))
        .ifPresent("cachefrom", places(call.list("--cache-from"), "src"))
        .ifPresent("cacheto", places(call.list("--cache-to"), "dest"))
        .ifPresent("networkmode", call.text("--network"))
        .ifPresent("platform", call.text("--platform"))
        .ifPresent("target", call.text("--target"))
        .ifPresent("shmsize", shm.isEmpty() ? "" : "" + ByteSize.parse("--shm-size", shm))
        .flag("verify", call.flag("--verify-reproducible"))
        .flag("squash", call.flag("--squash"))
        .flag("strict", call.flag("--strict"))
        .flag("explain", call.flag("--explain"))
        .flag("nocache", call.flag("--no-cache"))
        .flag("pull", call.flag("--pull"));
  }

  /** The time that images are to be of may also be in our environment, as tools agree on. */
  private static List<String> withEpoch(List<String> arguments) {
    boolean given = arguments.stream().anyMatch(a -> a.split("=", 2)[0].equals(EPOCH));
    if (given || System.getenv(EPOCH) == null) {
      return arguments;
    }
    List<String> all = new ArrayList<>(arguments);
    all.add(EPOCH);
    return all;
  }

  /** As a JSON array; directories are this machine's, so their paths are made absolute. */
  private static String places(List<String> options, String directory) {
    if (options.isEmpty()) {
      return "";
    }
    String field = directory + "=";
    List<JsonValue> places =
        options.stream()
            .map(option ->
                Arrays.stream(option.split(","))
                    .map(part ->
                        part.startsWith(field)
                            ? field + Path.of(part.substring(field.length())).toAbsolutePath()
                            : part)
                    .collect(Collectors.joining(",")))
            .<JsonValue>map(JsonValue.Text::new)
            .toList();
    return new JsonValue.Arr(places).print(false);
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
