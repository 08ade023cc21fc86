package io.slipway.runtime.network;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Sockets and commands inside network namespaces, for tests. */
final class TestNet {
  private static final int TIMEOUT_MILLIS = 3000;
  private static final Path OWN = Path.of("/proc/thread-self/ns/net");

  private TestNet() {}

  /** The network namespaces in which this JVM has threads. */
  static Set<String> namespacesOfOurThreads() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        try {
          found.add(Files.readSymbolicLink(thread.resolve("ns/net")).toString());
        } catch (IOException e) {
          // This thread has ended.
        }
      }
    }
    return found;
  }

  static Fd namespaceOf(NetworkAttachment attachment) throws IOException {
    Namespaces.Join join = (Namespaces.Join) attachment.namespace();
    return FileCalls.open(join.path(), OpenFlags.O_RDONLY, 0);
  }

  /**
   * Runs something on a thread that is in the namespace, and is back home before it tells. The work
   * must not start threads: they would begin in the namespace.
   */
  static <T> T inside(Fd namespace, Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          try (Fd home = FileCalls.open(OWN, OpenFlags.O_RDONLY, 0)) {
            ProcessCalls.setNamespace(namespace, ProcessCalls.CLONE_NEWNET);
            try {
              return work.call();
            } finally {
              ProcessCalls.setNamespace(home, ProcessCalls.CLONE_NEWNET);
            }
          }
        });
    Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  static <T> T inside(NetworkAttachment attachment, Callable<T> work) throws Exception {
    try (Fd namespace = namespaceOf(attachment)) {
      return inside(namespace, work);
    }
  }

  static ServerSocket tcpServer(NetworkAttachment attachment, int port) throws Exception {
    return serve(inside(attachment, () -> listen(port)));
  }

  static ServerSocket tcpServer(Fd namespace, int port) throws Exception {
    return serve(inside(namespace, () -> listen(port)));
  }

  static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress("0.0.0.0", port));
    return server;
  }

  /** Tells each client the address it is seen from, then what it said. */
  private static ServerSocket serve(ServerSocket server) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              byte[] said = client.getInputStream().readAllBytes();
              String seen = client.getInetAddress().getHostAddress() + " ";
              client.getOutputStream().write(seen.getBytes(StandardCharsets.US_ASCII));
              client.getOutputStream().write(said);
            } catch (IOException e) {
              // Closed by the test.
            }
          }
        });
    return server;
  }

  /** What the TCP server answers. */
  static String tcp(String host, int port, String text) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  static DatagramSocket udpEcho(Fd namespace, int port) throws Exception {
    DatagramSocket server =
        inside(namespace, () -> new DatagramSocket(port, InetAddress.getByName("0.0.0.0")));
    Thread.ofVirtual()
        .start(() -> {
          DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
          while (!server.isClosed()) {
            try {
              packet.setLength(2000);
              server.receive(packet);
              server.send(packet);
            } catch (IOException e) {
              // Closed by the test.
            }
          }
        });
    return server;
  }

  static String udp(String host, int port, String text) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(host, port)));
      DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    }
  }

  /** Output of a host command, which must succeed. */
  static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + text);
    }
    return text;
  }

  /** Output of a command in a namespace. */
  static String run(Fd namespace, String... command) throws Exception {
    String path = "/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.number();
    String[] all = new String[command.length + 2];
    all[0] = "nsenter";
    all[1] = "--net=" + path;
    System.arraycopy(command, 0, all, 2, command.length);
    return run(all);
  }
}
