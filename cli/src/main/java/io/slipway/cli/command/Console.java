package io.slipway.cli.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process's three streams. Output is buffered and UTF-8; whoever prints progress flushes it.
 *
 * @param terminalOut whether standard output is a terminal
 * @param terminalIn whether standard input is a terminal
 * @param terminalErr whether standard error is a terminal
 */
record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminalIn,
    boolean terminalOut,
    boolean terminalErr) {

  static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 16 * 1024),
        false,
        StandardCharsets.UTF_8);
  }

  /** Whether a descriptor of this process is a terminal: asked of /proc, without native code. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (java.io.IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
