package io.slipway.engine.build;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.builder.LocalBuilder;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.op.StepShell;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.engine.container.ProcessStreams;
import io.slipway.engine.http.HijackedStream;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.ExitStatus;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code /build/failed} and {@code /build/debug}: failed steps and commands in them; docker has no
 * such thing here. A command is made, started and asked about as docker's {@code exec} is.
 */
public final class BuildDebugRoutes {
  private static final System.Logger LOG = System.getLogger(BuildDebugRoutes.class.getName());

  /** Docker's exit code of what could not be started for another reason than its program. */
  private static final int NOT_STARTED = 128;

  /** How long one that has not been started, or has ended, is known. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final LocalBuilder builder;
  private final BuildSessions sessions;
  private final Map<String, Visit> visits = new ConcurrentHashMap<>();

  public BuildDebugRoutes(LocalBuilder builder, BuildSessions sessions) {
    this.builder = builder;
    this.sessions = sessions;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/build/failed", request -> list()),
        Route.get("/build/failed/{id}", this::inspect),
        Route.post("/build/failed/{id}/debug", this::create),
        Route.post("/build/debug/{id}/start", this::start),
        Route.post("/build/debug/{id}/resize", this::resize),
        Route.get("/build/debug/{id}/json", this::state));
  }

  /** A failed step, without what the environment of its command holds. */
  private record FailedJson(
      @JsonProperty("ID") String id,
      @JsonProperty("Name") String name,
      @JsonProperty("Place") String place,
      @JsonProperty("Command") String command,
      @JsonProperty("ExitCode") int exitCode,
      @JsonProperty("CreatedAt") Instant created,
      @JsonProperty("Size") long size) {}

  private FailedJson json(FailedStep step) {
    return new FailedJson(
        step.id(),
        step.name(),
        step.place(),
        step.exec().commandLine(),
        step.exitCode(),
        step.created(),
        builder.failures().bytes(step));
  }

  private Reply list() throws IOException {
    return Reply.json(builder.failures().list().stream().map(this::json).toList());
  }

  private Reply inspect(Request request) throws IOException {
    return Reply.json(json(builder.failures().find(request.parameter("id"))));
  }

  /** What is to be run in a step; no command for a shell. */
  private record DebugRequest(boolean tty, List<Integer> consoleSize, List<String> cmd) {
    private DebugRequest {
      consoleSize = consoleSize == null ? List.of() : List.copyOf(consoleSize);
      cmd = cmd == null ? List.of() : List.copyOf(cmd);
    }

    private StepShell.Wish wish() {
      return new StepShell.Wish(cmd, tty ? Optional.of(size()) : Optional.empty());
    }

    /** Rows come first, as in Docker's API. */
    private TerminalSize size() {
      return consoleSize.size() == 2
          ? new TerminalSize(consoleSize.getLast(), consoleSize.getFirst())
          : TerminalSize.UNKNOWN;
    }
  }

  private record CreatedJson(@JsonProperty("Id") String id) {}

  /** A command in a failed step. */
  private static final class Visit {
    private final FailedStep step;
    private final StepShell.Wish wish;
    private final CallerSecrets secrets;
    private final long madeNanos = System.nanoTime();
    private boolean claimed;
    private volatile RunningContainer container;
    private volatile Integer exitCode;

    private Visit(FailedStep step, StepShell.Wish wish, CallerSecrets secrets) {
      this.step = step;
      this.wish = wish;
      this.secrets = secrets;
    }

    private synchronized void claim() {
      if (claimed) {
        throw new SlipwayException(ErrorKind.CONFLICT, "this command has been started already");
      }
      claimed = true;
    }

    private synchronized boolean isForgotten(long now) {
      return (!claimed || exitCode != null) && now - madeNanos > REMEMBERED_NANOS;
    }
  }

  private Reply create(Request request) throws IOException {
    FailedStep step = builder.failures().find(request.parameter("id"));
    StepShell.Wish wish = request.json(DebugRequest.class).wish();
    String session = request.query().text("buildsession");
    CallerSecrets secrets;
    try {
      secrets = sessions.claim(session).secrets();
    } finally {
      sessions.end(session);
    }
    long now = System.nanoTime();
    visits.values().removeIf(visit -> visit.isForgotten(now));
    String id = UUID.randomUUID().toString().replace("-", "");
    visits.put(id, new Visit(step, wish, secrets));
    return Reply.json(201, new CreatedJson(id));
  }

  private Visit visit(Request request) {
    Visit visit = visits.get(request.parameter("id"));
    if (visit == null) {
      throw SlipwayException.notFound(
          "no such command in a failed step: " + request.parameter("id"));
    }
    return visit;
  }

  private Reply start(Request request) {
    Visit visit = visit(request);
    visit.claim();
    boolean terminal = visit.wish.terminal().isPresent();
    return Reply.hijack(
        ProcessStreams.contentType(request, terminal), stream -> run(visit, terminal, stream));
  }

  /** Runs the command until it ends or the client goes away. */
  private void run(Visit visit, boolean terminal, HijackedStream stream)
      throws IOException, InterruptedException {
    var streams = new ProcessStreams(stream, terminal);
    int code = NOT_STARTED;
    try (StepShell shell =
        builder.enter(visit.step, visit.wish, visit.secrets, streams.io(true, true, true))) {
      RunningContainer container = shell.container();
      visit.container = container;
      streams.feed(container, "build debug " + visit.step.id());
      stream.closed().onCancel(() -> Thread.startVirtualThread(() -> kill(container)));
      ExitStatus status = container.waitFor();
      code = status.code();
    } catch (ContainerStartException e) {
      code = e.exitCode();
      streams.tell(e);
    } catch (IOException | SlipwayException e) {
      streams.tell(e);
    } finally {
      visit.exitCode = code;
    }
  }

  private static void kill(RunningContainer container) {
    try {
      container.killAll();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a command in a failed step has ended already", e);
    }
  }

  private Reply resize(Request request) throws IOException {
    Visit visit = visit(request);
    RunningContainer container = visit.container;
    if (container != null && visit.exitCode == null && visit.wish.terminal().isPresent()) {
      container.resize(ProcessStreams.size(request));
    }
    return Reply.empty(200);
  }

  private record StateJson(
      @JsonProperty("Running") boolean running, @JsonProperty("ExitCode") Integer exitCode) {}

  private Reply state(Request request) {
    Visit visit = visit(request);
    return Reply.json(
        new StateJson(visit.container != null && visit.exitCode == null, visit.exitCode));
  }
}
