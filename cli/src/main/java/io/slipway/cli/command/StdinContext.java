package io.slipway.cli.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A build context on standard input: a tar passes through, a Dockerfile becomes a tar of one file.
 */
final class StdinContext {
  private static final int TAR_MAGIC = 257;
  private static final List<byte[]> COMPRESSED =
      List.of(
          new byte[] {0x1f, (byte) 0x8b},
          new byte[] {'B', 'Z', 'h'},
          new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z'},
          new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});

  private StdinContext() {}

  static void copy(InputStream stdin, OutputStream out) throws IOException {
    BufferedInputStream in = new BufferedInputStream(stdin);
    in.mark(512);
    byte[] head = in.readNBytes(512);
    in.reset();
    if (isArchive(head)) {
      in.transferTo(out);
      return;
    }
    byte[] dockerfile = in.readAllBytes();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      TarArchiveEntry entry = new TarArchiveEntry("Dockerfile");
      entry.setSize(dockerfile.length);
      entry.setMode(0600);
      tar.putArchiveEntry(entry);
      tar.write(dockerfile);
      tar.closeArchiveEntry();
    }
  }

  private static boolean isArchive(byte[] head) {
    boolean compressed =
        COMPRESSED.stream()
            .anyMatch(
                m -> head.length >= m.length && Arrays.equals(head, 0, m.length, m, 0, m.length));
    return compressed
        || head.length >= TAR_MAGIC + 5
            && new String(head, TAR_MAGIC, 5, java.nio.charset.StandardCharsets.US_ASCII)
                .equals("ustar");
  }
}
