package io.slipway.image.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** What went wrong with a file, in words for people instead of the JDK's class names. */
public final class FileReason {
  private FileReason() {}

  /** The file and the reason, such as {@code /srv/x: no such file or directory}. */
  public static String of(IOException failure) {
    if (!(failure instanceof FileSystemException file) || file.getFile() == null) {
      return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
    String reason =
        switch (file) {
          case NoSuchFileException _ -> "no such file or directory";
          case AccessDeniedException _ -> "permission denied";
          case FileAlreadyExistsException _ -> "is there already and is no folder";
          default ->
              file.getReason() == null
                  ? file.getClass().getSimpleName()
                  : file.getReason().toLowerCase(Locale.ROOT);
        };
    return file.getFile() + ": " + reason;
  }
}
