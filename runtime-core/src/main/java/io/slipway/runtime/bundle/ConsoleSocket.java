package io.slipway.runtime.bundle;

import io.slipway.runtime.linux.DescriptorMessages;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.SocketCalls;
import io.slipway.runtime.process.Pty;
import io.slipway.runtime.spec.TerminalSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a runtime sends our end of the terminal that it has made in the container. */
final class ConsoleSocket implements AutoCloseable {
  private static final String NAME = "console";
  private static final int WAIT_MILLIS = 1000;

  private final Fd directory;
  private final Path file;
  private final Fd socket;

  private ConsoleSocket(Fd directory, Path file, Fd socket) {
    this.directory = directory;
    this.file = file;
    this.socket = socket;
  }

  static ConsoleSocket listen(Path bundle) throws IOException {
    Path file = bundle.resolve(NAME);
    Files.deleteIfExists(file);
    Fd directory = FileCalls.open(bundle, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0);
    Fd socket = SocketCalls.open(SocketCalls.AF_UNIX, SocketCalls.SOCK_STREAM, 0);
    ConsoleSocket made = new ConsoleSocket(directory, file, socket);
    try {
      SocketCalls.bind(socket, address("/proc/self/fd/" + directory.number() + "/" + NAME));
      SocketCalls.listen(socket);
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** A {@code struct sockaddr_un}. */
  private static byte[] address(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    byte[] address = new byte[name.length + 3];
    address[0] = SocketCalls.AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    return address;
  }

  /** For the runtime; by way of our descriptor, as an address has no room for a long path. */
  String path() {
    return "/proc/%d/fd/%d/%s".formatted(ProcessHandle.current().pid(), directory.number(), NAME);
  }

  /** The terminal, once the runtime has made the process. */
  Pty receive(TerminalSize size) throws IOException {
    // it has connected before it ended, if it ever will
    if (ProcessCalls.poll(new int[] {socket.number()}, ProcessCalls.POLLIN, WAIT_MILLIS)[0] == 0) {
      throw new IOException("the runtime has sent no terminal");
    }
    try (Fd connection = SocketCalls.accept(socket)) {
      DescriptorMessages.Message message =
          DescriptorMessages.receive(connection)
              .filter(one -> !one.descriptors().isEmpty())
              .orElseThrow(() -> new IOException("the runtime has sent no terminal"));
      Fd master = message.descriptors().getFirst();
      FileCalls.fcntl(master, FileCalls.F_SETFL, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
      Pty pty = Pty.adopt(master);
      pty.resize(size);
      return pty;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    directory.close();
    Files.deleteIfExists(file);
  }
}
