package io.slipway.engine.http;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Privileges;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a listening unix socket: claimed from a dead daemon, never from a living one. */
final class UnixSocketFile implements AutoCloseable {
  /** {@code sun_path} holds 108 bytes with its terminating zero. */
  private static final int MAX_PATH_BYTES = 107;

  private static final System.Logger LOG = System.getLogger("io.slipway.engine.http");

  private final Path path;

  private UnixSocketFile(Path path) {
    this.path = path;
  }

  /** Makes sure that a socket can be bound at {@code path}; a stale socket is removed. */
  static UnixSocketFile claim(Path path) {
    String text = path.toString();
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
      throw problem(text, "path is longer than " + MAX_PATH_BYTES + " bytes", null);
    }
    Path directory = path.getParent();
    try {
      Files.createDirectories(directory);
      if (!Files.isWritable(directory)) {
        throw problem(text, directory + " is not writable", null);
      }
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        removeStale(path);
      }
      return new UnixSocketFile(path);
    } catch (IOException e) {
      throw problem(text, FileReason.of(e), e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    boolean socket =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    if (!socket) {
      throw problem(path.toString(), "a file that is no socket is there", null);
    }
    if (answers(path)) {
      throw problem(path.toString(), "another daemon is already listening there", null);
    }
    Files.delete(path);
  }

  private static boolean answers(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Who may open the socket owns the machine: root, and the group docker where there is one; or, of
   * a daemon without root, what its user owns.
   */
  void restrict() {
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      if (Privileges.own().isRootless()) {
        // here the group would be one of the user's subordinate ones, which is nobody's
        return;
      }
      GroupPrincipal docker =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName("docker");
      Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(docker);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> path + " stays with its owner's group: " + e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, () -> "cannot remove socket " + path + ": " + e);
    }
  }

  private static SlipwayException problem(String path, String reason, Throwable cause) {
    return new SlipwayException(
        ErrorKind.UNAVAILABLE, "cannot listen on unix://" + path + ": " + reason, cause);
  }
}
