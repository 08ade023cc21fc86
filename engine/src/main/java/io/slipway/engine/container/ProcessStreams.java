package io.slipway.engine.container;

import io.slipway.engine.http.HijackedStream;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.RunningProcess;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A process's streams joined to a client's connection, in Docker's frames. */
public final class ProcessStreams {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");

  private final HijackedStream client;
  private final StreamFrames frames;

  /**
   * @param terminal whether the process has one: its output then goes as it is
   */
  public ProcessStreams(HijackedStream client, boolean terminal) {
    this.client = client;
    this.frames = new StreamFrames(client.output(), !terminal);
  }

  /** The type of such an answer; old clients know only one, the frames are there all the same. */
  public static String contentType(Request request, boolean terminal) {
    return terminal || !request.version().atLeast(42) ? Reply.RAW_STREAM : Reply.MULTIPLEXED_STREAM;
  }

  /** The size that a client's terminal has now. */
  public static TerminalSize size(Request request) {
    int rows = request.query().number("h").orElse(0);
    int columns = request.query().number("w").orElse(0);
    try {
      return new TerminalSize(columns, rows);
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  /** What the process is to be started with. */
  public ContainerIo io(boolean stdin, boolean stdout, boolean stderr) {
    return new ContainerIo(
        stdin ? new ContainerIo.Input.Pipe() : new ContainerIo.Input.Empty(),
        output(stdout, OutputStreamKind.STDOUT),
        output(stderr, OutputStreamKind.STDERR));
  }

  private ContainerIo.Output output(boolean attached, OutputStreamKind kind) {
    return attached
        ? new ContainerIo.Output.To(new FrameOutput(kind, frames))
        : new ContainerIo.Output.Discard();
  }

  /** Why there is no process, where its output would be: the connection is taken already. */
  public void tell(Exception failure) throws IOException {
    byte[] text = (failure.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8);
    frames.write(OutputStreamKind.STDOUT, text, 0, text.length);
  }

  /** Begins to give the process what the client sends. */
  public void feed(RunningProcess process, String name) {
    feed(process, name, DetachWish.of("", false, ""), () -> {});
  }

  /**
   * As {@link #feed(RunningProcess, String)}, until the client wants to be let go.
   *
   * @param detached told when it does; the process's input stays open then
   */
  void feed(RunningProcess process, String name, DetachWish detach, Runnable detached) {
    Thread.ofPlatform().daemon().name("stdin " + name).start(() -> copy(process, detach, detached));
  }

  private void copy(RunningProcess process, DetachWish detach, Runnable detached) {
    try {
      OutputStream stdin = process.stdin();
      if (detach.copy(client.input(), stdin)) {
        detached.run();
      } else {
        stdin.close();
      }
    } catch (IOException e) {
      // the process or the client has gone, which ends the input anyway
      LOG.log(System.Logger.Level.DEBUG, () -> "input of a process ended: " + e);
    }
  }

  /** One of its outputs. */
  private static final class FrameOutput extends OutputStream {
    private final OutputStreamKind kind;
    private final StreamFrames frames;

    FrameOutput(OutputStreamKind kind, StreamFrames frames) {
      this.kind = kind;
      this.frames = frames;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      frames.write(kind, bytes, offset, length);
    }
  }
}
