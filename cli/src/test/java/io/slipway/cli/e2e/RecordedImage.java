package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An image in lines of text: its configuration, its history, and how its files differ from its
 * base.
 */
final class RecordedImage {
  private static final String OF_THE_BASE = "bin/busybox";

  private RecordedImage() {}

  static List<String> lines(ImageTree image, ImageTree base) {
    List<String> lines = new ArrayList<>();
    ImageComparison.comparable(image.config())
        .forEach((name, value) -> lines.add("config " + name + " " + value));
    ImageComparison.history(image.config()).forEach(step -> lines.add("history " + step));
    boolean onBase = image.files().containsKey(OF_THE_BASE);
    if (onBase) {
      base.files().keySet().stream()
          .filter(path -> !image.files().containsKey(path))
          .forEach(path -> lines.add("removed /" + path));
    }
    image
        .files()
        .forEach((path, is) -> {
          if (!onBase || !is.equals(base.files().get(path))) {
            lines.add("/" + path + " " + is);
          }
        });
    return lines.stream()
        .map(line -> line.replace("\n", "\\n").replace("\r", "\\r"))
        .map(line -> line.replaceAll("http://127\\.0\\.0\\.1:\\d+", "http://HOST"))
        .toList();
  }

  static void write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
  }

  /** Lines that are in one only, marked with {@code -} and {@code +}; empty if there are none. */
  static String differences(List<String> recorded, List<String> ours) {
    StringBuilder text = new StringBuilder();
    recorded.stream().filter(line -> !ours.contains(line)).forEach(l -> text.append("\n  - " + l));
    ours.stream().filter(line -> !recorded.contains(line)).forEach(l -> text.append("\n  + " + l));
    return text.toString();
  }
}
