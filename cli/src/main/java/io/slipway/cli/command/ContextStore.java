package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Docker's contexts, in docker's own files, so that both programs see the same:
 *
 * <pre>
 * contexts/meta/HASH/meta.json        name, description, endpoint
 * contexts/tls/HASH/docker/ca.pem     and cert.pem, key.pem; HASH is the name's SHA-256
 * </pre>
 *
 * @param folder docker's configuration, {@code ~/.docker}
 */
record ContextStore(Path folder) {
  /** What is used when no context is: not in the store. */
  static final String DEFAULT = "default";

  private static final String NAME_RULE = "^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$";
  private static final Pattern NAME = Pattern.compile(NAME_RULE);

  /** Refuses a name that docker would not take. */
  static void check(String name) {
    if (name.equals(DEFAULT)) {
      throw new CommandFailure(1, "\"default\" is a reserved context name");
    }
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailure(
          1,
          "context name \"%s\" is invalid, names are validated against regexp \"%s\""
              .formatted(name, NAME_RULE));
    }
  }

  private Path metaFolder(String name) {
    return folder.resolve("contexts").resolve("meta").resolve(hash(name)).toAbsolutePath();
  }

  private Path tlsFolder(String name) {
    return folder.resolve("contexts").resolve("tls").resolve(hash(name)).toAbsolutePath();
  }

  private static Path metaFile(Path metaFolder) {
    return metaFolder.resolve("meta.json");
  }

  private static String hash(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean has(String name) {
    return Files.exists(metaFile(metaFolder(name)));
  }

  /** The context of that name. */
  Context read(String name) throws IOException {
    if (!has(name)) {
      throw new CommandFailure(
          1,
          "context \"%s\": context not found: open %s: no such file or directory"
              .formatted(name, metaFile(metaFolder(name))));
    }
    return read(metaFile(metaFolder(name)));
  }

  private Context read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      JsonValue meta = JsonValue.read(in);
      String name = meta.text("Name");
      return new Context(name, meta, metaFolder(name), tlsFolder(name));
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      throw new CommandFailure(
          1, "context file " + file + " is not JSON: " + e.getOriginalMessage());
    }
  }

  /** All contexts by name. */
  List<Context> list() throws IOException {
    Path all = folder.resolve("contexts").resolve("meta");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(all)) {
      return folders
          .map(ContextStore::metaFile)
          .filter(Files::exists)
          .map(this::readUnchecked)
          .sorted(Comparator.comparing(Context::name))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Context readUnchecked(Path file) {
    try {
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a context, and what replaces its files for TLS.
   *
   * @param tls contents by file name, such as {@code ca.pem}
   */
  Context write(String name, JsonValue meta, Map<String, byte[]> tls) throws IOException {
    delete(tlsFolder(name));
    for (Map.Entry<String, byte[]> file : tls.entrySet()) {
      Path at = tlsFolder(name).resolve("docker").resolve(file.getKey());
      PrivateFile.write(at, file.getValue());
    }
    Path file = metaFile(metaFolder(name));
    PrivateFile.write(file, meta.print(false).getBytes(StandardCharsets.UTF_8));
    return read(file);
  }

  void remove(String name) throws IOException {
    delete(metaFolder(name));
    delete(tlsFolder(name));
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
