package io.slipway.runtime.container;

import io.slipway.runtime.linux.Fd;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Where the standard streams of a process go. With a terminal, output of both kinds arrives at
 * {@code stdout} and {@code stderr} is not used.
 */
public record ContainerIo(Input stdin, Output stdout, Output stderr) {
  /** No input, output thrown away. */
  public static final ContainerIo NONE =
      new ContainerIo(new Input.Empty(), new Output.Discard(), new Output.Discard());

  /** No input, both outputs to streams; the streams are flushed but never closed. */
  public static ContainerIo output(OutputStream stdout, OutputStream stderr) {
    return new ContainerIo(new Input.Empty(), new Output.To(stdout), new Output.To(stderr));
  }

  public ContainerIo {
    Objects.requireNonNull(stdin, "stdin");
    Objects.requireNonNull(stdout, "stdout");
    Objects.requireNonNull(stderr, "stderr");
  }

  public ContainerIo withInput(Input input) {
    return new ContainerIo(input, stdout, stderr);
  }

  /** What the process reads. */
  public sealed interface Input {
    /** End of input at once. */
    record Empty() implements Input {}

    /** What is written to {@link RunningProcess#stdin()}. */
    record Pipe() implements Input {}

    /** The stream's bytes, then end of input; read by a thread of ours until then or the end. */
    record From(InputStream stream) implements Input {}

    /** An open file, passed on as it is; stays the caller's to close. */
    record Inherit(Fd file) implements Input {}
  }

  /** What becomes of the bytes it writes. */
  public sealed interface Output {
    record Discard() implements Output {}

    /**
     * Written by one thread of ours, in order. A stream that throws ends only its own copying: the
     * process then sees a broken pipe.
     */
    record To(OutputStream stream) implements Output {}

    /**
     * As {@link To}, but bytes leave the pipe only once the stream has taken them: what it had not
     * when the daemon was killed is still there for {@link Containers#adopt}.
     */
    record Kept(OutputStream stream) implements Output {}

    /** An open file, passed on as it is; stays the caller's to close. */
    record Inherit(Fd file) implements Output {}
  }
}
