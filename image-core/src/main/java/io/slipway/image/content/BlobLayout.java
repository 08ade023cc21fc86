package io.slipway.image.content;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The paths of a {@link DirectoryBlobStore}. Blobs lie as in an OCI image layout:
 *
 * <pre>
 * sha256/&lt;hex&gt;            complete blobs
 * sha512/&lt;hex&gt;
 * ingest/&lt;id&gt;.&lt;algorithm&gt;  what has arrived of a blob, hashed with algorithm
 * trash/&lt;algorithm&gt;-&lt;hex&gt;   blobs to be deleted
 * quarantine/&lt;algorithm&gt;-&lt;hex&gt;  blobs that were found damaged
 * </pre>
 */
record BlobLayout(Path root) {
  private static final Pattern INGEST_ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");

  Path directory(DigestAlgorithm algorithm) {
    return root.resolve(algorithm.label());
  }

  Path blob(Digest digest) {
    return directory(digest.algorithm()).resolve(digest.hex());
  }

  Path ingests() {
    return root.resolve("ingest");
  }

  Path ingest(String id, DigestAlgorithm algorithm) {
    if (!INGEST_ID.matcher(id).matches()) {
      throw new SlipwayException(ErrorKind.INVALID, "invalid ingest id \"" + id + "\"");
    }
    return ingests().resolve(id + "." + algorithm.label());
  }

  /** The digest a file of a blob directory is named by; empty for foreign files. */
  static Optional<Digest> digest(DigestAlgorithm algorithm, Path file) {
    return Digest.tryParse(algorithm.label() + ":" + file.getFileName());
  }

  Path shelf(Shelf shelf) {
    return root.resolve(shelf.label());
  }

  Path shelved(Shelf shelf, Digest digest) {
    return shelf(shelf).resolve(digest.algorithm().label() + "-" + digest.hex());
  }

  /** The digest a file on a shelf is named by; empty for foreign files. */
  static Optional<Digest> shelvedDigest(Path file) {
    return Digest.tryParse(file.getFileName().toString().replaceFirst("-", ":"));
  }
}
