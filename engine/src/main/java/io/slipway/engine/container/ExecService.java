package io.slipway.engine.container;

import io.slipway.engine.http.HijackedStream;
import io.slipway.engine.model.Config;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.ExitStatus;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.container.RunningProcess;
import io.slipway.runtime.spec.Capabilities;
import io.slipway.runtime.spec.ProcessSpec;
import io.slipway.runtime.spec.TerminalSize;
import io.slipway.runtime.spec.UserSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Further processes in running containers. */
final class ExecService {
  private static final int ID_BYTES = 32;

  /** Docker's exit code of what could not be started for another reason than its program. */
  private static final int NOT_STARTED = 128;

  /** How long one that has ended can still be asked about, as with Docker. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final ContainerIndex index;
  private final ContainerEvents events;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Exec> execs = new ConcurrentHashMap<>();

  ExecService(ContainerIndex index, ContainerEvents events) {
    this.index = index;
    this.events = events;
  }

  /** What is to be run. */
  record ExecRequest(
      String user,
      boolean privileged,
      boolean tty,
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      List<Integer> consoleSize,
      String detachKeys,
      List<String> env,
      String workingDir,
      List<String> cmd) {
    ExecRequest {
      user = user == null ? "" : user;
      detachKeys = detachKeys == null ? "" : detachKeys;
      consoleSize = consoleSize == null ? List.of() : consoleSize;
      env = env == null ? List.of() : List.copyOf(env);
      workingDir = workingDir == null ? "" : workingDir;
      cmd = cmd == null ? List.of() : List.copyOf(cmd);
    }
  }

  /** One of them. */
  static final class Exec {
    private final String id;
    private final Container container;
    private final ExecRequest request;
    private final DetachWish detach;
    private volatile RunningProcess process;
    private volatile Integer exitCode;
    private volatile long endedNanos;
    private boolean started;

    private Exec(String id, Container container, ExecRequest request) {
      this.id = id;
      this.container = container;
      this.request = request;
      this.detach = DetachWish.of(request.detachKeys(), request.tty(), "escape");
    }

    DetachWish detach() {
      return detach;
    }

    String id() {
      return id;
    }

    Container container() {
      return container;
    }

    ExecRequest request() {
      return request;
    }

    /** Null until it has ended. */
    Integer exitCode() {
      return exitCode;
    }

    boolean running() {
      return process != null && exitCode == null;
    }

    int pid() {
      return process == null ? 0 : process.pid();
    }

    private void setEnded(int code) {
      endedNanos = System.nanoTime();
      exitCode = code;
    }

    private synchronized void claim() {
      if (started) {
        throw new SlipwayException(
            ErrorKind.CONFLICT, "Error: Exec command " + id + " is already running");
      }
      started = true;
    }
  }

  Exec create(String containerName, ExecRequest request) {
    Container container = index.get(containerName);
    checkState(container, containerName);
    return create(container, request);
  }

  private Exec create(Container container, ExecRequest request) {
    if (request.cmd().isEmpty()) {
      throw SlipwayException.invalid("No exec command specified");
    }
    forgetOld();
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    Exec exec = new Exec(HexFormat.of().formatHex(bytes), container, request);
    execs.put(exec.id(), exec);
    publish("exec_create: " + String.join(" ", request.cmd()), exec, Map.of());
    return exec;
  }

  private void forgetOld() {
    long now = System.nanoTime();
    execs
        .values()
        .removeIf(exec -> exec.exitCode != null && now - exec.endedNanos > REMEMBERED_NANOS);
  }

  private static void checkState(Container container, String name) {
    if (container.state().status() == ContainerStatus.PAUSED) {
      throw new SlipwayException(
          ErrorKind.CONFLICT,
          "Container " + name + " is paused, unpause the container before exec");
    }
    container.requireNotRestarting();
    container.requireRunning();
  }

  Exec get(String id) {
    Exec exec = execs.get(id);
    if (exec == null) {
      throw SlipwayException.notFound("No such exec instance: " + id);
    }
    return exec;
  }

  /** The ids of a container's execs that have not ended. */
  List<String> of(String containerId) {
    return execs.values().stream()
        .filter(e -> e.container().id().equals(containerId) && e.exitCode() == null)
        .map(Exec::id)
        .toList();
  }

  /** Takes the right to start it, so that errors come before the connection is taken over. */
  void claim(Exec exec) {
    checkState(exec.container(), exec.container().id());
    exec.claim();
  }

  /** Runs it attached to a client until it has ended and its output was sent. */
  void run(Exec exec, HijackedStream stream) throws IOException {
    ExecRequest request = exec.request();
    var streams = new ProcessStreams(stream, request.tty());
    RunningProcess process;
    try {
      process =
          start(
              exec,
              streams.io(request.attachStdin(), request.attachStdout(), request.attachStderr()));
    } catch (IOException | SlipwayException e) {
      streams.tell(e);
      return;
    }
    CompletableFuture<Boolean> detached = new CompletableFuture<>();
    if (request.attachStdin()) {
      streams.feed(process, "exec " + exec.id(), exec.detach(), () -> detached.complete(true));
    }
    Thread.ofVirtual().start(() -> awaitEnd(exec, process, detached));
    if (detached.join()) {
      publish("exec_detach", exec, Map.of());
    }
  }

  private void awaitEnd(Exec exec, RunningProcess process, CompletableFuture<Boolean> detached) {
    try {
      ended(exec, process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      detached.complete(false);
    }
  }

  /** Runs it with nobody attached. */
  void runDetached(Exec exec) throws IOException {
    RunningProcess process = start(exec, ContainerIo.NONE);
    process.exit().thenAccept(status -> ended(exec, status));
  }

  /**
   * Runs a command to its end, both outputs together; empty when it was killed at the limit.
   *
   * @param output written to by two threads
   */
  OptionalInt runToEnd(
      Container container, List<String> command, OutputStream output, Duration limit)
      throws IOException, InterruptedException {
    Exec exec =
        create(
            container,
            new ExecRequest("", false, false, false, true, true, null, "", null, "", command));
    exec.claim();
    RunningProcess process = start(exec, ContainerIo.output(output, output));
    boolean late = false;
    try {
      process.exit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      late = true;
      process.signal(Signals.KILL);
    } catch (ExecutionException e) {
      throw new IOException("exec " + exec.id() + ": " + e.getCause().getMessage(), e);
    }
    ExitStatus status = process.waitFor();
    ended(exec, status);
    return late ? OptionalInt.empty() : OptionalInt.of(status.code());
  }

  private RunningProcess start(Exec exec, ContainerIo io) throws IOException {
    try {
      RunningContainer container = exec.container().requireRunning();
      publish("exec_start: " + String.join(" ", exec.request().cmd()), exec, Map.of());
      RunningProcess process =
          container.exec(spec(exec.container(), container, exec.request()), io);
      exec.process = process;
      return process;
    } catch (ContainerStartException e) {
      exec.setEnded(e.exitCode());
      throw e;
    } catch (IOException | SlipwayException e) {
      // the container has ended since the request was made
      exec.setEnded(NOT_STARTED);
      throw e;
    }
  }

  private void ended(Exec exec, ExitStatus status) {
    exec.setEnded(status.code());
    publish("exec_die", exec, Map.of("exitCode", Integer.toString(status.code())));
  }

  private void publish(String action, Exec exec, Map<String, String> more) {
    Map<String, String> attributes = new java.util.LinkedHashMap<>(more);
    attributes.put("execID", exec.id());
    events.publish(action, exec.container().record(), attributes);
  }

  /** As the container's own process, but for what the request changes. */
  private static ProcessSpec spec(
      Container container, RunningContainer running, ExecRequest request) {
    Config config = container.record().config();
    HostConfig host = container.record().hostConfig();
    List<String> env = new ArrayList<>(running.spec().process().env());
    env.removeIf(variable -> variable.startsWith("TERM="));
    if (request.tty()) {
      env.add("TERM=xterm");
    }
    env.addAll(request.env());
    String user = request.user().isEmpty() ? config.user() : request.user();
    return running
        .spec()
        .process()
        .with(process ->
            process
                .args(request.cmd())
                .env(env)
                .cwd(
                    request.workingDir().isEmpty()
                        ? running.spec().process().cwd()
                        : request.workingDir())
                .user(new UserSpec(user, host.groupAdd()))
                .capabilities(
                    request.privileged()
                        ? Capabilities.ALL
                        : running.spec().process().capabilities())
                .terminal(terminal(request)));
  }

  private static Optional<TerminalSize> terminal(ExecRequest request) {
    if (!request.tty()) {
      return Optional.empty();
    }
    List<Integer> size = request.consoleSize();
    return Optional.of(
        size.size() == 2
            ? new TerminalSize(size.getLast(), size.getFirst())
            : TerminalSize.UNKNOWN);
  }

  void resize(Exec exec, TerminalSize size) throws IOException {
    RunningProcess process = exec.process;
    if (process == null) {
      throw SlipwayException.notFound("exec " + exec.id() + " has not been started");
    }
    if (exec.request().tty() && exec.running()) {
      process.resize(size);
    }
  }
}
