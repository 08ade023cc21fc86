package io.slipway.builder.context;

import io.slipway.runtime.linux.FileStatus;
import java.util.Optional;

/**
 * The digests that one build may use and adds to.
 *
 * @param session the build's number in {@code files}
 */
record KnownDigests(FileDigests files, long session) {

  static KnownDigests in(FileDigests files) {
    return new KnownDigests(files, files.newSession());
  }

  Optional<byte[]> find(FileStatus status) {
    return files.find(status, session);
  }

  void put(FileStatus status, byte[] digest, boolean settled) {
    files.put(status, session, digest, settled);
  }
}
