package io.slipway.runtime.process;

import io.slipway.runtime.linux.Arch;
import io.slipway.runtime.linux.DescriptorMessages;
import io.slipway.runtime.linux.DescriptorMessages.Message;
import io.slipway.runtime.linux.DescriptorMessages.Pair;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.ProcessLauncher.Launched;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Keeps descriptors open when this program is killed, for the one that comes after it.
 *
 * <p>They wait, sent and never received, in a socket that a small process has open besides us; that
 * process does nothing. So to keep something costs a system call and no change of processes, and
 * what is kept needs no path and no proof of identity: it is the very pipe, terminal or process.
 *
 * <p>Each bundle of descriptors has a socket of its own, in which they wait; the common socket
 * holds those. A bundle that is not needed any more is received and closed at once. Its socket
 * stays in the queue, empty, until there are as many empty ones as others: then the queue is
 * written anew, first the new entries and after that the old ones are taken out, so that a kill in
 * between loses nothing.
 */
public final class DescriptorKeeper implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DescriptorKeeper.class.getName());

  /** Room for some ten thousand bundles; the kernel takes it only as far as it is used. */
  private static final int ROOM_BYTES = 64 << 20;

  private static final int EMPTY_ENTRIES = 32;
  private static final int END_SECONDS = 5;

  private final KeeperRecord record;
  private final ProcessLauncher launcher;
  private final PidFdReaper reaper;
  private final Map<String, Kept> bundles = new LinkedHashMap<>();
  private Optional<Pair> sockets = Optional.empty();
  private Optional<Fd> process = Optional.empty();
  private CompletableFuture<?> processEnd = CompletableFuture.completedFuture(null);
  private int entries;
  private boolean closed;

  private DescriptorKeeper(KeeperRecord record, ProcessLauncher launcher, PidFdReaper reaper) {
    this.record = record;
    this.launcher = launcher;
    this.reaper = reaper;
  }

  /**
   * Finds the process of a program that was killed; the first of our own is made when it is needed.
   *
   * @param file where the process is written down
   */
  public static DescriptorKeeper open(Path file, ProcessLauncher launcher, PidFdReaper reaper)
      throws IOException {
    DescriptorKeeper keeper = new DescriptorKeeper(new KeeperRecord(file), launcher, reaper);
    keeper.takeOver();
    return keeper;
  }

  private void takeOver() throws IOException {
    Optional<KeeperRecord.Found> found = record.find();
    if (found.isEmpty()) {
      return;
    }
    Fd pidFd = found.get().pidFd();
    try {
      Pair pair = found.get().sockets();
      sockets = Optional.of(pair);
      List<Message> all = DescriptorMessages.peekAll(pair.receiver());
      entries = all.size();
      for (Message message : all) {
        takeOver(message);
      }
      watch(pidFd);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "what the last daemon kept cannot be taken over: {0}",
          e.getMessage());
      sockets.ifPresent(Pair::close);
      sockets = Optional.empty();
      end(pidFd);
    }
  }

  private void takeOver(Message message) throws LinuxException {
    String name = new String(message.text(), StandardCharsets.UTF_8);
    Fd socket = message.descriptors().getFirst();
    // An empty one is done with; a second one of the same name is the same socket again.
    List<Message> content =
        bundles.containsKey(name) ? List.of() : DescriptorMessages.peekAll(socket);
    if (content.isEmpty()) {
      socket.close();
      return;
    }
    Message bundle = content.getFirst();
    String[] names = new String(bundle.text(), StandardCharsets.UTF_8).split("\n");
    Map<String, Fd> descriptors = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      descriptors.put(names[i], bundle.descriptors().get(i));
    }
    bundles.put(name, new Kept(name, socket, descriptors));
  }

  /** How long the common queue is, for tests. */
  synchronized int entries() {
    return entries;
  }

  /** What a program before this one kept and nobody has taken or let go of yet. */
  public synchronized Collection<Kept> inherited() {
    return bundles.values().stream().filter(kept -> !kept.descriptors.isEmpty()).toList();
  }

  /** Descriptors that outlive this program, until it is closed. */
  public final class Kept implements AutoCloseable {
    private final String name;
    private final Fd socket;
    private Map<String, Fd> descriptors;

    private Kept(String name, Fd socket, Map<String, Fd> descriptors) {
      this.name = name;
      this.socket = socket;
      this.descriptors = descriptors;
    }

    public String name() {
      return name;
    }

    /** The inherited descriptors by name, from now on the caller's; they stay kept besides. */
    public Map<String, Fd> take() {
      synchronized (DescriptorKeeper.this) {
        Map<String, Fd> taken = descriptors;
        descriptors = Map.of();
        return taken;
      }
    }

    /** Lets go of them. */
    @Override
    public void close() throws IOException {
      synchronized (DescriptorKeeper.this) {
        if (!socket.isOpen()) {
          return;
        }
        take().values().forEach(Fd::close);
        DescriptorMessages.receive(socket).ifPresent(Message::close);
        socket.close();
        bundles.remove(name, this);
        if (entries > 2 * bundles.size() + EMPTY_ENTRIES) {
          rewrite();
        }
      }
    }
  }

  /** Keeps descriptors, which stay the caller's to close, besides. */
  public synchronized Kept keep(String name, Map<String, Fd> descriptors) throws IOException {
    if (closed) {
      throw new IOException("the keeper of descriptors is closed");
    }
    Pair common = sockets();
    try (Pair own = DescriptorMessages.pair()) {
      byte[] names = String.join("\n", descriptors.keySet()).getBytes(StandardCharsets.UTF_8);
      DescriptorMessages.send(own.sender(), names, List.copyOf(descriptors.values()));
      Kept kept = new Kept(name, new Fd(own.receiver().release()), Map.of());
      try {
        send(common, kept);
      } catch (LinuxException e) {
        kept.socket.close();
        throw e;
      }
      bundles.put(name, kept);
      return kept;
    }
  }

  private void send(Pair common, Kept kept) throws LinuxException {
    byte[] text = kept.name.getBytes(StandardCharsets.UTF_8);
    DescriptorMessages.send(common.sender(), text, List.of(kept.socket));
    entries++;
  }

  private void rewrite() throws LinuxException {
    Pair common = sockets.orElseThrow();
    int old = entries;
    for (Kept kept : bundles.values()) {
      send(common, kept);
    }
    for (int i = 0; i < old; i++) {
      DescriptorMessages.receive(common.receiver()).ifPresent(Message::close);
    }
    entries -= old;
  }

  private Pair sockets() throws IOException {
    if (sockets.isEmpty()) {
      Pair pair = DescriptorMessages.pair();
      try {
        DescriptorMessages.setRoom(pair.sender(), ROOM_BYTES);
        start(pair);
      } catch (IOException e) {
        pair.close();
        throw e;
      }
      sockets = Optional.of(pair);
    }
    return sockets.get();
  }

  private void start(Pair pair) throws IOException {
    try (Fd executable = FileCalls.memory(KeeperProgram.NAME);
        Fd nothing = FileCalls.open(Path.of("/dev/null"), OpenFlags.O_RDWR, 0)) {
      FileCalls.writeFully(executable, KeeperProgram.executable(Arch.current()));
      Launched launched =
          launcher.launch(
              KeeperProgram.program(),
              Map.of(
                  KeeperProgram.EXECUTABLE,
                  executable,
                  KeeperProgram.NULL,
                  nothing,
                  KeeperProgram.SENDER,
                  pair.sender(),
                  KeeperProgram.RECEIVER,
                  pair.receiver()));
      try {
        record.write(launched.pid(), pair);
      } catch (IOException e) {
        end(launched.pidFd());
        throw e;
      }
      watch(launched.pidFd());
    }
  }

  private void watch(Fd pidFd) throws LinuxException {
    process = Optional.of(pidFd);
    processEnd = reaper.watch(pidFd).whenComplete((ended, problem) -> ended(pidFd));
  }

  /** Somebody has killed it; everything is in our own hands still, so another one takes over. */
  private synchronized void ended(Fd pidFd) {
    pidFd.close();
    if (closed || sockets.isEmpty()) {
      return;
    }
    process = Optional.empty();
    try {
      start(sockets.get());
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "containers will not outlive this daemon, there is nobody to keep their streams: {0}",
          e.getMessage());
    }
  }

  private static void end(Fd pidFd) throws LinuxException {
    try (pidFd) {
      ProcessCalls.signal(pidFd, ProcessCalls.SIGKILL);
    }
  }

  /** Ends; what is still kept is left to the next program. */
  @Override
  public void close() throws IOException {
    CompletableFuture<?> end;
    synchronized (this) {
      closed = true;
      end = bundles.isEmpty() ? endProcess() : CompletableFuture.completedFuture(null);
      for (Kept kept : bundles.values()) {
        kept.take().values().forEach(Fd::close);
        kept.socket.close();
      }
      sockets.ifPresent(Pair::close);
    }
    try {
      end.get(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("waiting for the end of " + KeeperProgram.NAME, e);
    }
  }

  private CompletableFuture<?> endProcess() throws IOException {
    if (process.isPresent()) {
      ProcessCalls.signal(process.get(), ProcessCalls.SIGKILL);
      record.remove();
    }
    return processEnd;
  }
}
