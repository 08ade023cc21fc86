package io.slipway.builder.op;

import io.slipway.builder.graph.ExecMount;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The files that RUN steps get from outside their tree, below the builder's folder:
 *
 * <pre>
 * files/SHA256        small read-only files by their content: /etc/hosts, resolv.conf, scripts
 * mounts/SHA256       cache mounts by id and owner
 * mounts/SHA256-N     further copies of a private one
 * mount-ids/NAME      the id of the cache mount of that name; modified at its last use
 * </pre>
 *
 * <p>One per daemon.
 */
public final class StepFolders {
  private final Path files;
  private final CacheDirectories mounts;

  public StepFolders(Path directory) throws IOException {
    this.files = Files.createDirectories(directory.resolve("files"));
    this.mounts =
        new CacheDirectories(
            Files.createDirectories(directory.resolve("mounts")),
            Files.createDirectories(directory.resolve("mount-ids")));
  }

  /** The cache mounts there are; walks all of them. */
  public List<CacheMountInfo> cacheMounts() throws IOException {
    return mounts.list();
  }

  /** Removes a cache mount; false if a step uses it now, or if there is none of this name. */
  public boolean removeCacheMount(String name) throws IOException {
    return mounts.remove(name);
  }

  /** Whether there is a directory of this mount. */
  public boolean hasCacheMount(ExecMount.Cache mount) {
    return mounts.exists(mount);
  }

  /** Makes a mount's directory of a tar, compressed or not; does nothing if there is one. */
  public void fillCacheMount(ExecMount.Cache mount, InputStream tar) throws IOException {
    mounts.fill(mount, tar);
  }

  /** Writes a mount's directory as a tar; it must exist. */
  public void packCacheMount(ExecMount.Cache mount, OutputStream out) throws IOException {
    mounts.pack(mount, out);
  }

  /** What is free on the disk that results are kept on. */
  public long freeBytes() throws IOException {
    return Files.getFileStore(files).getUsableSpace();
  }

  CacheDirectories mounts() {
    return mounts;
  }

  /** A file of root's with this content, shared by all that ask for the same. */
  Path file(byte[] content, String permissions) throws IOException {
    byte[] named = (permissions + ":").getBytes(StandardCharsets.US_ASCII);
    Digest digest = Digest.of(content);
    Path file = files.resolve(digest.hex() + "-" + Digest.of(named).shortHex());
    if (Files.exists(file)) {
      return file;
    }
    Path temporary = Files.createTempFile(files, "new", "");
    try {
      Files.write(temporary, content);
      Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
      Files.setPosixFilePermissions(temporary, mode);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return file;
  }
}
