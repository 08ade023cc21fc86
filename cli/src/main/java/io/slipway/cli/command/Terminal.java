package io.slipway.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The user's terminal in raw mode, put back when closed. {@code stty} works on the standard input
 * that it inherits, so no native code is loaded.
 */
final class Terminal implements AutoCloseable {
  private final String saved;

  private Terminal(String saved) {
    this.saved = saved;
  }

  /** Rows and columns. */
  record Size(int rows, int columns) {}

  static Terminal raw() throws IOException {
    Terminal terminal = new Terminal(stty("-g"));
    stty("raw", "-echo");
    return terminal;
  }

  static Size size() throws IOException {
    String[] parts = stty("size").split(" ");
    return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** The size, or another where there is no terminal to ask. */
  static Size sizeOr(Size other) {
    try {
      Size known = size();
      return known.rows() > 0 && known.columns() > 0 ? known : other;
    } catch (IOException e) {
      return other;
    }
  }

  private static String stty(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("stty " + String.join(" ", arguments) + " failed: not a terminal");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while setting the terminal");
    }
    return out;
  }

  @Override
  public void close() throws IOException {
    stty(saved);
  }
}
