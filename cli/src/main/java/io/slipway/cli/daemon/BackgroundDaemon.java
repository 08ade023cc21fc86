package io.slipway.cli.daemon;

import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The daemon that a command starts for itself when none is given: in the background, in a session
 * of its own, so that neither Ctrl-C nor the end of the terminal reaches it. It ends by itself when
 * it has been idle.
 */
public record BackgroundDaemon(DaemonPaths paths, String launcher, PrintStream messages) {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration IDLE = Duration.ofMinutes(15);
  private static final int LOG_LINES = 5;

  /**
   * Makes sure that a daemon answers at the socket, and starts one if none does.
   *
   * @throws IOException with the reason, and where the daemon's log is
   */
  public void ensure() throws IOException, InterruptedException {
    if (answers()) {
      return;
    }
    prepareExecRoot();
    try (FileChannel channel =
            FileChannel.open(
                paths.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (lock.isValid() && !answers()) {
        start();
      }
    }
  }

  private void prepareExecRoot() throws IOException {
    try {
      Files.createDirectories(paths.execRoot());
    } catch (IOException e) {
      throw new IOException(
          "cannot make "
              + paths.execRoot()
              + " for the daemon: "
              + e.getMessage()
              + "; set XDG_RUNTIME_DIR or SLIPWAY_EXEC_ROOT to a folder of yours, or give a daemon"
              + " with -H",
          e);
    }
  }

  private void start() throws IOException, InterruptedException {
    if (launcher == null) {
      throw new IOException("no daemon answers at " + paths.socket() + ": start 'slipway daemon'");
    }
    messages.println("slipway: starting a daemon in the background, data in " + paths.dataRoot());
    messages.flush();
    Process process =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(paths.log().toFile())
            .redirectErrorStream(true)
            .start();
    Instant limit = Instant.now().plus(START_LIMIT);
    while (!answers()) {
      if (!process.isAlive() || Instant.now().isAfter(limit)) {
        process.destroy();
        throw new IOException(
            "the daemon did not start: " + lastWords() + " (" + paths.log() + ")");
      }
      Thread.sleep(20);
    }
  }

  private List<String> command() {
    return List.of(
        "setsid",
        launcher,
        "daemon",
        "-H",
        "unix://" + paths.socket(),
        "--data-root",
        paths.dataRoot().toString(),
        "--exec-root",
        paths.execRoot().toString(),
        "--bridge",
        paths.bridge(),
        "--bip",
        paths.bip(),
        "--idle-stop",
        IDLE.toMinutes() + "m");
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(paths.log());
    List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    return last.isEmpty() ? "it said nothing" : String.join("; ", last);
  }

  private boolean answers() {
    if (!Files.exists(paths.socket())) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(paths.socket()));
    } catch (IOException e) {
      // A socket that nobody listens at any more: its daemon is gone.
      return false;
    }
  }
}
