package io.slipway.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Takes what the daemon sends of one output. */
sealed interface OutputReceiver {
  void take(InputStream in) throws IOException;

  /** A file, which has its name once it is whole. */
  record File(Path file) implements OutputReceiver {
    @Override
    public void take(InputStream in) throws IOException {
      Path whole = file.toAbsolutePath();
      Files.createDirectories(whole.getParent());
      Path partial = Files.createTempFile(whole.getParent(), "." + whole.getFileName(), ".part");
      try {
        try (OutputStream out = Files.newOutputStream(partial)) {
          in.transferTo(out);
        }
        Files.setPosixFilePermissions(
            partial, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(partial, whole, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
  }

  /** Standard output. */
  record Stream(PrintStream out) implements OutputReceiver {
    @Override
    public void take(InputStream in) throws IOException {
      in.transferTo(out);
      out.flush();
    }
  }

  /** A tar unpacked into a directory, over what is there. */
  record Directory(Path directory) implements OutputReceiver {
    @Override
    public void take(InputStream in) throws IOException {
      Files.createDirectories(directory);
      new TreeReceiver(directory.toRealPath()).take(in);
    }
  }
}
