package io.slipway.engine.container;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * The host's program for {@code --init}: tini by whatever name it is installed. It runs inside the
 * container, whose libraries it cannot count on, so it must be linked statically.
 */
final class InitProgram {
  private static final List<String> NAMES = List.of("docker-init", "tini-static", "tini");
  private static final int ELF_MAGIC = 0x464C457F;
  private static final int HEADER_BYTES = 64;
  private static final int PROGRAM_HEADERS_OFFSET = 32;
  private static final int PROGRAM_HEADER_SIZE = 54;
  private static final int PROGRAM_HEADER_COUNT = 56;
  private static final int PT_INTERP = 3;

  private final List<Path> directories;

  InitProgram(List<Path> directories) {
    this.directories = List.copyOf(directories);
  }

  /** Where distributions put it. */
  static InitProgram ofHost() {
    return new InitProgram(
        List.of(
            Path.of("/usr/local/bin"),
            Path.of("/usr/bin"),
            Path.of("/usr/sbin"),
            Path.of("/bin"),
            Path.of("/usr/libexec/docker"),
            Path.of("/usr/lib/docker"),
            Path.of("/usr/libexec/podman")));
  }

  Optional<Path> find() throws IOException {
    for (String name : NAMES) {
      for (Path directory : directories) {
        Path file = directory.resolve(name);
        if (Files.isExecutable(file) && isStatic(file)) {
          return Optional.of(file.toRealPath());
        }
      }
    }
    return Optional.empty();
  }

  Path require() throws IOException {
    return find()
        .orElseThrow(() ->
            new SlipwayException(
                ErrorKind.UNAVAILABLE,
                "--init needs a static tini on this machine (docker-init, tini-static):"
                    + " install the package tini"));
  }

  /** A program that names no interpreter needs no library. */
  private static boolean isStatic(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = read(in, 0, HEADER_BYTES);
      if (header.limit() < HEADER_BYTES || header.getInt(0) != ELF_MAGIC) {
        return false;
      }
      int size = header.getShort(PROGRAM_HEADER_SIZE);
      int count = header.getShort(PROGRAM_HEADER_COUNT);
      ByteBuffer headers = read(in, header.getLong(PROGRAM_HEADERS_OFFSET), size * count);
      for (int i = 0; (i + 1) * size <= headers.limit(); i++) {
        if (headers.getInt(i * size) == PT_INTERP) {
          return false;
        }
      }
      return true;
    }
  }

  private static ByteBuffer read(FileChannel in, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && in.read(bytes, position + bytes.position()) > 0) {}
    return bytes.flip();
  }
}
