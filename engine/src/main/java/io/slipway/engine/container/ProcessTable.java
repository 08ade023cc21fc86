package io.slipway.engine.container;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code docker top}: the host's ps, reduced to a container's processes. */
record ProcessTable(List<String> titles, List<List<String>> processes) {

  static ProcessTable of(int pid, String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ps"));
    for (String argument : arguments.strip().split("\\s+")) {
      command.add(argument);
    }
    Process ps = start(command);
    String out = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (ps.waitFor() != 0) {
      throw new SlipwayException(ErrorKind.INTERNAL, "ps: " + out.strip());
    }
    List<String> lines = out.lines().toList();
    List<String> titles = fields(lines.getFirst(), Integer.MAX_VALUE);
    int column = titles.indexOf("PID");
    if (column < 0) {
      throw SlipwayException.invalid("Couldn't find PID field in ps output");
    }
    Set<String> mine = processesWith(pid);
    List<List<String>> found =
        lines.stream()
            .skip(1)
            .map(line -> fields(line, titles.size()))
            .filter(row -> row.size() > column && mine.contains(row.get(column)))
            .toList();
    return new ProcessTable(titles, found);
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE, "ps is not installed on this machine: install procps", e);
    }
  }

  private static List<String> fields(String line, int limit) {
    return Arrays.asList(
        limit == Integer.MAX_VALUE
            ? line.strip().split("\\s+")
            : line.strip().split("\\s+", limit));
  }

  /** The processes in the pid namespace of {@code pid}. */
  private static Set<String> processesWith(int pid) throws IOException {
    Path namespace = namespace(Integer.toString(pid));
    Set<String> found = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        String number = process.getFileName().toString();
        try {
          if (namespace(number).equals(namespace)) {
            found.add(number);
          }
        } catch (IOException e) {
          // it has ended meanwhile
          continue;
        }
      }
    }
    return found;
  }

  private static Path namespace(String pid) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", pid, "ns", "pid"));
  }
}
