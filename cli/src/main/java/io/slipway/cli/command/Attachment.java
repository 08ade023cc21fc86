package io.slipway.cli.command;

import io.slipway.cli.client.EngineClient;
import io.slipway.cli.client.EngineException;
import io.slipway.cli.client.HijackedStream;
import io.slipway.cli.client.Query;
import io.slipway.engine.model.DetachKeys;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This process's streams, signals and terminal joined to a container's until its output ends.
 * Closing puts the terminal back.
 */
final class Attachment implements AutoCloseable {
  private final Console console;
  private final EngineClient client;
  private final String path;
  private final HijackedStream stream;
  private final boolean terminal;
  private final boolean stdin;
  private final Thread output = Thread.ofVirtual().unstarted(this::copyOutput);
  private Terminal rawTerminal;
  private volatile IOException outputFailure;
  private Optional<DetachKeys> detachKeys = Optional.empty();
  private volatile boolean detached;

  Attachment(
      Console console,
      EngineClient client,
      String path,
      HijackedStream stream,
      boolean terminal,
      boolean stdin) {
    this.console = console;
    this.client = client;
    this.path = path;
    this.stream = stream;
    this.terminal = terminal;
    this.stdin = stdin;
  }

  /** Keys as people write them. */
  static DetachKeys keys(String text) {
    try {
      return DetachKeys.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("invalid detach keys: " + e.getMessage());
    }
  }

  /** On a terminal these keys end the attachment and leave the container alone. */
  void detachWith(DetachKeys keys) {
    detachKeys = terminal ? Optional.of(keys) : Optional.empty();
  }

  /** Whether the user typed the detach keys. */
  boolean detached() {
    return detached;
  }

  /** Begins to copy both ways; before the container starts. */
  void begin() throws IOException {
    if (terminal && stdin) {
      rawTerminal = Terminal.raw();
    }
    output.start();
    if (stdin) {
      Thread.ofPlatform().daemon().name("stdin").start(this::copyInput);
    } else {
      stream.endStdin();
    }
  }

  /** The container gets this process's signals; a raw terminal's come as bytes already. */
  void forwardSignals() {
    if (!terminal || !stdin) {
      for (String signal : List.of("INT", "TERM", "HUP")) {
        Signals.handle(signal, this::forward);
      }
    }
  }

  /** The container runs: its terminal gets this one's size, now and when it changes. */
  void started() throws IOException {
    if (terminal && console.terminalIn()) {
      resize();
      Signals.handle("WINCH", name -> resize());
    }
  }

  private void resize() {
    try {
      Terminal.Size size = Terminal.size();
      Query query =
          Query.of(path + "/resize")
              .with("h", Integer.toString(size.rows()))
              .with("w", Integer.toString(size.columns()));
      client.post(query, Map.of()).close();
    } catch (EngineException | IOException e) {
      // The container may have ended meanwhile; its size is then nobody's concern.
      return;
    }
  }

  private void forward(String signal) {
    try {
      Query kill = Query.of(path + "/kill").with("signal", signal);
      client.post(kill, Map.of()).close();
    } catch (EngineException | IOException e) {
      console.err().println("cannot forward SIG" + signal + ": " + e.getMessage());
      console.err().flush();
    }
  }

  private void copyInput() {
    try {
      byte[] buffer = new byte[32 * 1024];
      for (int n = console.in().read(buffer); n >= 0; n = console.in().read(buffer)) {
        byte[] typed = buffer;
        int count = n;
        if (detachKeys.isPresent()) {
          typed = detachKeys.get().filter(buffer, n);
          count = typed.length;
        }
        stream.stdin().write(typed, 0, count);
        if (detachKeys.isPresent() && detachKeys.get().found()) {
          detached = true;
          stream.close();
          return;
        }
      }
      stream.endStdin();
    } catch (IOException e) {
      // The container closed its input or ended: what it says and its exit code tell the rest.
      return;
    }
  }

  private void copyOutput() {
    try {
      stream.copyOutput(console.out(), console.err());
    } catch (IOException e) {
      outputFailure = detached ? null : e;
    }
  }

  void awaitOutput() throws IOException, InterruptedException {
    output.join();
    if (outputFailure != null) {
      throw outputFailure;
    }
  }

  @Override
  public void close() throws IOException {
    console.flush();
    if (rawTerminal != null) {
      rawTerminal.close();
    }
  }
}
