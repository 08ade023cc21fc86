package io.slipway.runtime.container;

import io.slipway.runtime.container.ContainerIo.Input;
import io.slipway.runtime.container.ContainerIo.Output;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.process.OutputPump;
import io.slipway.runtime.process.ProcessInput;
import io.slipway.runtime.process.Pty;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * The standard streams of one process: the ends it gets, and the copying on our side. First made,
 * then handed to the start as {@link #handles}, then {@link #started}; closed in any case.
 */
public final class ProcessStreams implements AutoCloseable {
  /** Our end of a terminal. */
  static final String TERMINAL = "terminal";

  private final ExecutorService threads;
  private final Map<String, Fd> childEnds = new HashMap<>();
  private final Map<String, Fd> ourEnds = new HashMap<>();
  private final List<OutputPump> pumps = new ArrayList<>();
  private final Optional<Pty> pty;
  private OutputStream input = new RefusingInput();
  private Optional<InputStream> feed = Optional.empty();
  private boolean pumping;

  private ProcessStreams(Optional<Pty> pty, ExecutorService threads) {
    this.pty = pty;
    this.threads = threads;
  }

  /**
   * Opens pipes or takes the terminal.
   *
   * @param threads platform threads, as many as there are streams
   * @param owner who will own the pipes, so that {@code /dev/stdout} can be opened by that user
   */
  static ProcessStreams open(
      ContainerIo io, Optional<Pty> pty, Identity owner, ExecutorService threads)
      throws IOException {
    ProcessStreams streams = new ProcessStreams(pty, threads);
    try {
      if (pty.isPresent()) {
        streams.openTerminal(io, pty.get(), owner);
      } else {
        streams.openInput(io.stdin(), owner);
        streams.openOutput(StartFacts.STDOUT, io.stdout(), owner);
        streams.openOutput(StartFacts.STDERR, io.stderr(), owner);
      }
      return streams;
    } catch (IOException | RuntimeException e) {
      streams.close();
      throw e;
    }
  }

  /**
   * The streams of a process that an earlier daemon started.
   *
   * @param ends its {@link #ourEnds}, taken over
   */
  static ProcessStreams adopt(
      ContainerIo io, Optional<Pty> pty, Map<String, Fd> ends, ExecutorService threads)
      throws IOException {
    ProcessStreams streams = new ProcessStreams(pty, threads);
    try {
      if (pty.isPresent()) {
        streams.pumpTerminal(io, pty.get());
      } else {
        if (ends.containsKey(StartFacts.STDIN)) {
          streams.setInput(ends.get(StartFacts.STDIN), io.stdin());
        }
        streams.adoptOutput(StartFacts.STDOUT, io.stdout(), ends);
        streams.adoptOutput(StartFacts.STDERR, io.stderr(), ends);
      }
      return streams;
    } catch (IOException | RuntimeException e) {
      streams.close();
      throw e;
    }
  }

  private void adoptOutput(String name, Output output, Map<String, Fd> ends) throws IOException {
    if (ends.containsKey(name) && output instanceof Output.Kept kept) {
      pump(name, OutputPump.careful(ends.get(name), kept.stream()));
    }
  }

  private void openTerminal(ContainerIo io, Pty terminal, Identity owner) throws IOException {
    own(terminal.slave(), owner);
    childEnds.put(StartFacts.STDIN, terminal.slave().duplicate());
    childEnds.put(StartFacts.STDOUT, terminal.slave().duplicate());
    childEnds.put(StartFacts.STDERR, terminal.slave());
    if (io.stdin() instanceof Input.Inherit) {
      throw new IllegalArgumentException("a terminal's input cannot be a file");
    }
    pumpTerminal(io, terminal);
  }

  /** What was read of a terminal cannot be left in it: it is passed on by an ordinary pump. */
  private void pumpTerminal(ContainerIo io, Pty terminal) throws IOException {
    OutputStream sink =
        switch (io.stdout()) {
          case Output.To to -> to.stream();
          case Output.Kept kept -> kept.stream();
          case Output.Discard ignored -> OutputStream.nullOutputStream();
          case Output.Inherit ignored ->
              throw new IllegalArgumentException("a terminal's output cannot be a file");
        };
    ourEnds.put(TERMINAL, terminal.master());
    pumps.add(OutputPump.plain(terminal.master().duplicate(), sink));
    if (!(io.stdin() instanceof Input.Empty)) {
      setInput(terminal.master().duplicate(), io.stdin());
    }
  }

  private void pump(String name, OutputPump pump) {
    ourEnds.put(name, pump.source());
    pumps.add(pump);
  }

  private void openInput(Input from, Identity owner) throws IOException {
    switch (from) {
      case Input.Empty ignored -> childEnds.put(StartFacts.STDIN, nullDevice(OpenFlags.O_RDONLY));
      case Input.Inherit inherit -> childEnds.put(StartFacts.STDIN, inherit.file().duplicate());
      case Input.Pipe ignored -> pipeInput(from, owner);
      case Input.From ignored -> pipeInput(from, owner);
    }
  }

  private void pipeInput(Input from, Identity owner) throws IOException {
    FileCalls.Pipe pipe = FileCalls.pipe(0);
    childEnds.put(StartFacts.STDIN, pipe.readEnd());
    setInput(pipe.writeEnd(), from);
    ourEnds.put(StartFacts.STDIN, pipe.writeEnd());
    FileCalls.fcntl(pipe.writeEnd(), FileCalls.F_SETFL, OpenFlags.O_NONBLOCK);
    own(pipe.readEnd(), owner);
  }

  private void setInput(Fd sink, Input from) {
    input = new ProcessInput(sink, threads);
    feed = from instanceof Input.From source ? Optional.of(source.stream()) : Optional.empty();
  }

  private void openOutput(String name, Output output, Identity owner) throws IOException {
    switch (output) {
      case Output.Discard ignored -> childEnds.put(name, nullDevice(OpenFlags.O_WRONLY));
      case Output.Inherit inherit -> childEnds.put(name, inherit.file().duplicate());
      case Output.To to -> pump(name, OutputPump.plain(pipeOutput(name, owner), to.stream()));
      case Output.Kept kept ->
          pump(name, OutputPump.careful(pipeOutput(name, owner), kept.stream()));
    }
  }

  private Fd pipeOutput(String name, Identity owner) throws LinuxException {
    FileCalls.Pipe pipe = FileCalls.pipe(0);
    childEnds.put(name, pipe.writeEnd());
    own(pipe.writeEnd(), owner);
    return pipe.readEnd();
  }

  private static Fd nullDevice(int flags) throws LinuxException {
    return FileCalls.open(Path.of("/dev/null"), flags, 0);
  }

  private static void own(Fd file, Identity owner) throws LinuxException {
    if (!owner.isRoot()) {
      TreeCalls.changeOwner(file.number(), "", owner.uid(), -1, OpenFlags.AT_EMPTY_PATH);
    }
  }

  /** Our ends, which an adopting daemon needs; they stay the owners' to close. */
  Map<String, Fd> ourEnds() {
    return ourEnds;
  }

  /** The ends for the child, by the names of {@link StartFacts}. */
  public Map<String, Fd> handles() {
    return childEnds;
  }

  /** The child has its ends: ours of them are closed, so that the end of file can come. */
  void started() {
    closeChildEnds();
    pumping = true;
    pumps.forEach(threads::execute);
    feed.ifPresent(source -> threads.execute(() -> feed(source)));
  }

  /** What goes wrong here only ends the input: the process sees its end and decides. */
  private void feed(InputStream source) {
    try (OutputStream sink = input) {
      source.transferTo(sink);
    } catch (IOException e) {
      System.getLogger(ProcessStreams.class.getName())
          .log(System.Logger.Level.DEBUG, "standard input ended: {0}", e.getMessage());
    }
  }

  OutputStream input() {
    return input;
  }

  /** Something that holds our end of the input besides, closed with it. */
  void alsoCloseInput(AutoCloseable other) throws IOException {
    if (input instanceof ProcessInput stream) {
      stream.alsoClose(other);
    }
  }

  Optional<Pty> pty() {
    return pty;
  }

  /** Completes when every output is copied to its end, or its sink has refused it. */
  CompletableFuture<Void> drained() {
    CompletableFuture<?>[] all =
        pumps.stream()
            .map(p -> p.done().exceptionally(e -> null))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all);
  }

  /** Ends the copying although somebody may still hold the other ends. */
  void stop() throws IOException {
    for (OutputPump pump : pumps) {
      pump.stop();
    }
  }

  private void closeChildEnds() {
    childEnds.values().forEach(Fd::close);
  }

  /** Lets go of everything; pumps that run end themselves. */
  @Override
  public void close() throws IOException {
    closeChildEnds();
    input.close();
    if (pumping) {
      stop();
    } else {
      pumps.forEach(OutputPump::discard);
    }
    pty.ifPresent(Pty::close);
  }

  /** Stands for an input nobody reads. */
  private static final class RefusingInput extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("standard input is not open");
    }
  }
}
