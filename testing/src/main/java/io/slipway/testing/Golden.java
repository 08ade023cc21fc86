package io.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Golden files below {@code src/test/resources/golden/<topic>/<case>/}. A test compares what it
 * made with the file; {@code -Dgolden.update=true} rewrites the file instead, so that the change is
 * seen in the diff of the commit.
 */
public record Golden(Path directory) {
  private static final String UPDATE = "golden.update";

  /** The golden folder of a topic in the module that is being tested. */
  public static Golden topic(String topic) {
    return new Golden(Path.of("src/test/resources/golden").resolve(topic).toAbsolutePath());
  }

  /** The cases of this topic: its sub-folders, in name order. */
  public List<Path> cases() {
    try (Stream<Path> children = Files.list(directory)) {
      List<Path> cases = children.filter(Files::isDirectory).sorted().toList();
      assertThat(cases).as("golden cases in " + directory).isNotEmpty();
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails when {@code actual} is not what the golden file holds. */
  public static void check(Path file, String actual) {
    try {
      if (Boolean.getBoolean(UPDATE)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
        return;
      }
      assertThat(file).as("golden file; -D%s=true writes it", UPDATE).exists();
      assertThat(actual).as(file.toString()).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
