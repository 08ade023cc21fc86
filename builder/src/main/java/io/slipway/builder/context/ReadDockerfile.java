package io.slipway.builder.context;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A Dockerfile and the ignore file that goes with it, as found in the root of a context.
 *
 * @param name as found, from the root; what the caller called it if it is not from there
 * @param ignoreName name of the ignore file; empty if there is none
 */
record ReadDockerfile(String name, Bytes text, String ignoreName, PathPatterns ignored) {
  /** Far beyond what anybody writes; keeps a mistaken name from filling the memory. */
  private static final long MAX_BYTES = 16 << 20;

  static ReadDockerfile read(Tree root, DockerfileSource source) throws IOException {
    return switch (source) {
      case DockerfileSource.Text text -> ofText(root, text);
      case DockerfileSource.InContext file -> ofFile(root, file.name());
    };
  }

  /** The ignore file of a context whose Dockerfile is elsewhere. */
  static ReadDockerfile rulesOnly(Tree root) throws IOException {
    return of("", Bytes.utf8(""), root, List.of(IgnoreFile.NAME));
  }

  /** Whether the ignore file was made for this Dockerfile rather than for all of the context. */
  boolean hasOwnRules() {
    return !ignoreName.isEmpty() && !ignoreName.equals(IgnoreFile.NAME);
  }

  private static ReadDockerfile ofText(Tree root, DockerfileSource.Text source) throws IOException {
    if (source.ignoreRules().isEmpty()) {
      return of(source.name(), source.text(), root, List.of(IgnoreFile.NAME));
    }
    String name = source.name() + IgnoreFile.SUFFIX;
    PathPatterns rules = IgnoreFile.parse(name, source.ignoreRules().get().text());
    return new ReadDockerfile(source.name(), source.text(), name, rules);
  }

  private static ReadDockerfile ofFile(Tree root, String asked) throws IOException {
    String clean = String.join("/", GoPaths.namesInRoot(asked));
    List<String> candidates =
        clean.equals(DockerfileSource.DEFAULT_NAME)
            ? List.of(clean, clean.toLowerCase(Locale.ROOT))
            : List.of(clean);
    for (String name : candidates) {
      Optional<Bytes> text = file(root, name);
      if (text.isPresent()) {
        return of(name, text.get(), root, List.of(name + IgnoreFile.SUFFIX, IgnoreFile.NAME));
      }
    }
    throw SlipwayException.notFound("Cannot locate specified Dockerfile: " + asked);
  }

  private static ReadDockerfile of(String name, Bytes text, Tree root, List<String> ignoreFiles)
      throws IOException {
    for (String ignoreFile : ignoreFiles) {
      Optional<Bytes> rules = file(root, ignoreFile);
      if (rules.isPresent()) {
        return new ReadDockerfile(
            name, text, ignoreFile, IgnoreFile.parse(ignoreFile, rules.get().text()));
      }
    }
    return new ReadDockerfile(name, text, "", PathPatterns.NONE);
  }

  /** A file of the tree, links followed inside it; empty if there is none. */
  private static Optional<Bytes> file(Tree root, String path) throws IOException {
    try {
      Optional<FileStatus> status = root.status(path);
      if (status.isEmpty()) {
        return Optional.empty();
      }
      if (!status.get().isRegular()) {
        throw SlipwayException.invalid(path + " in the build context is not a file");
      }
      if (status.get().size() > MAX_BYTES) {
        throw SlipwayException.invalid(
            path + " in the build context is larger than " + MAX_BYTES + " bytes");
      }
      try (Fd file = root.openFile(path)) {
        return Optional.of(Bytes.copyOf(Files.readAllBytes(file.path())));
      }
    } catch (LinuxException e) {
      if (e.is(Errno.ELOOP) || e.is(Errno.ENAMETOOLONG)) {
        throw new SlipwayException(ErrorKind.INVALID, "reading " + path + ": " + e.getMessage(), e);
      }
      throw e;
    }
  }
}
