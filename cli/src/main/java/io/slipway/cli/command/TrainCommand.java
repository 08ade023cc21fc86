package io.slipway.cli.command;

import io.slipway.cli.daemon.DaemonPaths;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The trial run that the launcher records for its start-up cache: the usual commands against a
 * socket that answers like a daemon, so that the classes they need are in the cache.
 */
final class TrainCommand implements Command {
  private static final List<List<String>> LINES =
      List.of(
          List.of("--help"),
          List.of("run", "--help"),
          List.of("version"),
          List.of("images"),
          List.of("ps", "-a"),
          List.of("tag", "a", "b"),
          List.of("info", "--nosuchflag"));

  private static final String DOCKERFILE = "Dockerfile";

  private static final String BODY =
      "{\"Version\":\"a longer text, which comes in two"
          + " parts\",\"Platform\":{\"Name\":\"x\"},\"a\":[1,true,null]}";
  private static final int HALF = 30;
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nServer: Slipway/0\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          // a parser has to read again, in the middle of a text
          + chunk(BODY.substring(0, HALF))
          + chunk(BODY.substring(HALF))
          + chunk("");

  private static String chunk(String content) {
    return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("slipway-train");
    DaemonPaths paths = new DaemonPaths(directory, directory, "", "");
    Path socket = paths.socket();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofPlatform().daemon().start(() -> answer(server));
      PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
      Console console =
          new Console(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, false, false);
      Files.writeString(directory.resolve(DOCKERFILE), "FROM scratch\n");
      List<List<String>> lines = new ArrayList<>(LINES);
      lines.add(List.of("build", "-q", "-t", "a", directory.toString()));
      for (List<String> line : lines) {
        new CommandLineRunner(SlipwayCommands.table(), console, host -> Main.connect(host, paths))
            .run(line);
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(directory.resolve(DOCKERFILE));
      Files.delete(directory);
    }
    return 0;
  }

  private static void answer(ServerSocketChannel server) {
    try {
      while (true) {
        answer(server.accept());
      }
    } catch (IOException e) {
      // The listening socket was closed: the trial is over.
      return;
    }
  }

  private static void answer(SocketChannel connection) {
    try (connection) {
      connection.read(ByteBuffer.allocate(64 * 1024));
      connection.write(ByteBuffer.wrap(ANSWER.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      // Some only look whether anybody answers, and are gone before they are.
      return;
    }
  }
}
