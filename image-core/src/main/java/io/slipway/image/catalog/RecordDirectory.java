package io.slipway.image.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A directory of one JSON file per record. A file that cannot be read as a record is skipped. */
final class RecordDirectory {
  static final ObjectMapper JSON = JsonMapper.builder().build();

  private static final String SUFFIX = ".json";

  private final Path directory;

  private RecordDirectory(Path directory) {
    this.directory = directory;
  }

  /** The records of a directory, and the names of the files that are none. */
  record Loaded<T>(List<T> records, List<String> damaged) {}

  /** Opens the directory, creates it if need be and removes what a crash left of a write. */
  static RecordDirectory open(Path directory) throws IOException {
    AtomicFile.createDirectories(directory);
    AtomicFile.removeLeftovers(directory);
    return new RecordDirectory(directory);
  }

  /** Reads all records; {@code parser} throws a RuntimeException for one that is damaged. */
  <T> Loaded<T> load(Function<JsonNode, T> parser) throws IOException {
    List<T> records = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        try {
          records.add(parser.apply(JSON.readTree(Files.readAllBytes(file))));
        } catch (JsonProcessingException | SlipwayException e) {
          damaged.add(file.getFileName() + ": " + e.getMessage());
        }
      }
    }
    return new Loaded<>(records, List.copyOf(damaged));
  }

  void write(String name, JsonNode record) throws IOException {
    AtomicFile.write(file(name), Bytes.copyOf(JSON.writeValueAsBytes(record)));
  }

  boolean delete(String name) throws IOException {
    return AtomicFile.delete(file(name));
  }

  private Path file(String name) {
    return directory.resolve(name + SUFFIX);
  }
}
