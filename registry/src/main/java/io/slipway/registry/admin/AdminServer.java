package io.slipway.registry.admin;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.upkeep.RepairSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Takes orders over a unix socket: a line with a request, answered by the lines of the task as it
 * goes on. A client that goes away ends its task at the next line.
 */
public final class AdminServer implements AutoCloseable {
  /** The kernel's limit for a socket's path (sun_path of unix(7), less its final zero). */
  private static final int MAX_PATH_BYTES = 107;

  private final Path socket;
  private final AdminTasks tasks;
  private final ServerSocketChannel server;
  private final Consumer<String> log;
  private final Set<Thread> clients = ConcurrentHashMap.newKeySet();
  private final Thread acceptor;

  private AdminServer(
      Path socket, AdminTasks tasks, ServerSocketChannel server, Consumer<String> log) {
    this.socket = socket;
    this.tasks = tasks;
    this.server = server;
    this.log = log;
    this.acceptor = Thread.ofVirtual().name("registry-admin").unstarted(this::accept);
  }

  static Path socketOf(Path dataRoot) {
    return dataRoot.resolve("admin").resolve("socket");
  }

  /** Listens in {@code dataRoot}, which this process has open. */
  public static AdminServer listen(DataRoot root, RepairSource source, Consumer<String> log) {
    Path socket = socketOf(root.settings().root());
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH_BYTES) {
      throw SlipwayException.invalid(
          "the path of the data root is too long for its socket %s: %d bytes, at most %d"
              .formatted(socket, length, MAX_PATH_BYTES));
    }
    try {
      makePrivate(socket.getParent());
      // a former server's, which was killed: the lock of the data root says that none runs
      Files.deleteIfExists(socket);
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      AdminServer admin = new AdminServer(socket, AdminTasks.serving(root, source), server, log);
      admin.acceptor.start();
      return admin;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "listen on " + socket + ": " + FileReason.of(e), e);
    }
  }

  /** The folder is closed to others before there is anything in it. */
  private static void makePrivate(Path folder) throws IOException {
    var mine = PosixFilePermissions.fromString("rwx------");
    try {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(mine));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(folder, mine);
    }
  }

  private void accept() {
    while (true) {
      SocketChannel client;
      try {
        client = server.accept();
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        log.accept("accept on " + socket + ": " + e.getMessage());
        return;
      }
      Thread.ofVirtual().name("registry-admin-task").start(() -> serve(client));
    }
  }

  private void serve(SocketChannel client) {
    Thread self = Thread.currentThread();
    clients.add(self);
    try (client;
        BufferedReader in =
            new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8))) {
      AdminWire.Writer out = new AdminWire.Writer(client);
      try {
        String line = in.readLine();
        if (line != null) {
          tasks.run(AdminWire.parseRequest(line), out::line);
          out.done();
        }
      } catch (SlipwayException e) {
        out.failed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        out.failed(new SlipwayException(ErrorKind.UNAVAILABLE, "the registry is shutting down"));
      }
    } catch (UncheckedIOException | IOException e) {
      if (server.isOpen()) {
        log.accept("order ended: " + e.getMessage());
      }
    } catch (RuntimeException e) {
      log.accept("order failed: " + e);
    } finally {
      clients.remove(self);
    }
  }

  /** Ends tasks under way; each can be done again. */
  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
      acceptor.join();
      for (Thread client : clients) {
        client.interrupt();
        client.join();
      }
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "close " + socket + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
