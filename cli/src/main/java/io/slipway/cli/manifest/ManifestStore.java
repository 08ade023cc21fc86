package io.slipway.cli.manifest;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lists of manifests of a user, in docker's files:
 *
 * <pre>
 * ~/.docker/manifests/
 *   LIST/      a list's name, with _ for / and - for :
 *     IMAGE    a {@link ListedManifest} as JSON; named likewise
 * </pre>
 */
public final class ManifestStore {
  private final Path folder;

  /** {@code configuration} is docker's configuration folder. */
  public ManifestStore(Path configuration) {
    this.folder = Objects.requireNonNull(configuration, "configuration").resolve("manifests");
  }

  private Path folder(Reference list) {
    return folder.resolve(fileName(list));
  }

  private static String fileName(Reference name) {
    return name.toString().replace(':', '-').replace('/', '_');
  }

  /** The images of a list, by the names of their files; empty when there is no such list. */
  public Optional<List<ListedManifest>> find(Reference list) throws IOException {
    if (!Files.isDirectory(folder(list))) {
      return Optional.empty();
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder(list))) {
      files = found.filter(file -> !isPart(file)).sorted().toList();
    }
    List<ListedManifest> images = new ArrayList<>();
    for (Path file : files) {
      images.add(read(file));
    }
    return images.isEmpty() ? Optional.empty() : Optional.of(images);
  }

  private static boolean isPart(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  public Optional<ListedManifest> find(Reference list, Reference image) throws IOException {
    Path file = folder(list).resolve(fileName(image));
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  private static ListedManifest read(Path file) throws IOException {
    try {
      return ListedManifest.parse(Files.readAllBytes(file));
    } catch (SlipwayException | com.fasterxml.jackson.core.JacksonException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "%s is not a manifest that docker or slipway wrote: %s (remove it, and create the list anew)"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** Puts an image into a list, in place of what the list had under its name. */
  public void put(Reference list, ListedManifest image) throws IOException {
    Path target = Files.createDirectories(folder(list)).resolve(fileName(image.reference()));
    AtomicFile.write(target, Bytes.utf8(image.json().print(false)));
  }

  /** Forgets a list; NOT_FOUND when there is none. */
  public void remove(Reference list) throws IOException {
    if (!Files.isDirectory(folder(list))) {
      throw SlipwayException.notFound("No such manifest: " + list);
    }
    List<Path> files;
    try (Stream<Path> found = Files.list(folder(list))) {
      files = found.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder(list));
  }
}
