package io.slipway.registry.http;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.registry.auth.AccessRequest;
import io.slipway.registry.auth.Authorizer;
import io.slipway.registry.auth.Decision;
import io.slipway.registry.config.Action;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.Digests;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import io.slipway.registry.store.UploadSessions;
import io.slipway.registry.store.UploadStatus;
import io.slipway.registry.store.UploadWriter;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Pushing and mounting blobs (end-4, end-5, end-6, end-11, end-13, end-14). */
final class UploadEndpoint {
  private final RegistryStore store;
  private final UploadSessions uploads;
  private final Authorizer authorizer;

  UploadEndpoint(RegistryStore store, Authorizer authorizer) {
    this.store = store;
    this.uploads = store.uploads();
    this.authorizer = authorizer;
  }

  Answer start(Exchange exchange, Route.Uploads route) throws IOException {
    RepositoryName repository = route.repository();
    Query query = exchange.query();
    Optional<Digest> mount = query.first("mount").map(Digests::parse);
    if (mount.isPresent() && mount(exchange, repository, mount.get())) {
      return created(repository, mount.get());
    }
    Optional<Digest> digest = query.first("digest").map(Digests::parse);
    if (digest.isPresent()) {
      return receiveWhole(exchange, repository, digest.get());
    }
    DigestAlgorithm algorithm =
        query.first("digest-algorithm").map(Digests::algorithm).orElse(DigestAlgorithm.SHA256);
    return accepted(202, repository, uploads.start(repository, algorithm));
  }

  Answer answer(Exchange exchange, Route.Upload route) throws IOException {
    RepositoryName repository = route.repository();
    UploadId id = route.id().orElseThrow(UploadEndpoint::unknown);
    HttpMethod method = exchange.method();
    if (method == HttpMethod.PATCH) {
      return append(exchange, repository, id);
    }
    if (method == HttpMethod.PUT) {
      return finish(exchange, repository, id);
    }
    if (method == HttpMethod.DELETE) {
      uploads.cancel(repository, id);
      return Answer.of(204);
    }
    return accepted(204, repository, uploads.status(repository, id));
  }

  private boolean mount(Exchange exchange, RepositoryName repository, Digest digest) {
    Optional<RepositoryName> from = exchange.query().first("from").map(RepositoryName::new);
    AccessRequest access = exchange.access();
    return store
        .blobs()
        .mount(
            repository,
            from,
            digest,
            source ->
                authorizer.decide(access.forRepository(source, Set.of(Action.PULL)))
                    instanceof Decision.Granted);
  }

  private Answer receiveWhole(Exchange exchange, RepositoryName repository, Digest digest)
      throws IOException {
    try (UploadWriter writer = uploads.receive(repository, digest.algorithm())) {
      try {
        copy(exchange.body(), writer, Optional.of(digest));
      } catch (IOException | RuntimeException e) {
        // no client was told the name of this session, so none can go on with it
        writer.cancel();
        throw e;
      }
      return created(repository, writer.commit(digest));
    }
  }

  private Answer append(Exchange exchange, RepositoryName repository, UploadId id)
      throws IOException {
    Optional<ContentRange> range = ContentRange.parse(exchange.header(Headers.CONTENT_RANGE));
    try (UploadWriter writer = uploads.write(repository, id)) {
      if (isOutOfOrder(range, writer)) {
        return outOfOrder(repository, writer);
      }
      receive(exchange, range, writer, Optional.empty());
      return accepted(202, repository, new UploadStatus(id, writer.offset()));
    }
  }

  private Answer finish(Exchange exchange, RepositoryName repository, UploadId id)
      throws IOException {
    Digest digest =
        exchange
            .query()
            .first("digest")
            .map(Digests::parse)
            .orElseThrow(() ->
                RegistryFault.of(ErrorCode.DIGEST_INVALID, "the digest parameter is missing"));
    Optional<ContentRange> range = ContentRange.parse(exchange.header(Headers.CONTENT_RANGE));
    try (UploadWriter writer = uploads.write(repository, id)) {
      if (isOutOfOrder(range, writer)) {
        return outOfOrder(repository, writer);
      }
      try {
        receive(exchange, range, writer, Optional.of(digest));
      } catch (IOException e) {
        // the client can repeat the same request only if nothing of it was kept
        writer.rollBack();
        throw e;
      }
      return created(repository, writer.commit(digest));
    }
  }

  /** Appends the body; one of another length than promised is taken back. */
  private static void receive(
      Exchange exchange, Optional<ContentRange> range, UploadWriter writer, Optional<Digest> whole)
      throws IOException {
    RequestBody body = exchange.body();
    if (range.isPresent()
        && body.declaredLength().isPresent()
        && body.declaredLength().getAsLong() != range.get().length()) {
      throw lengthMismatch();
    }
    long before = writer.offset();
    copy(body, writer, whole);
    if (range.isPresent() && writer.offset() - before != range.get().length()) {
      writer.rollBack();
      throw lengthMismatch();
    }
  }

  /** {@code whole}: what the body is the end of, if the client has said so. */
  private static void copy(RequestBody body, UploadWriter writer, Optional<Digest> whole)
      throws IOException {
    if (body.declaredLength().isPresent()) {
      long length = body.declaredLength().getAsLong();
      whole.ifPresentOrElse(
          digest -> writer.expectLast(length, digest), () -> writer.expect(length));
    }
    for (ByteBuffer piece = body.next(); piece != null; piece = body.next()) {
      writer.append(piece);
    }
  }

  private static boolean isOutOfOrder(Optional<ContentRange> range, UploadWriter writer) {
    return range.isPresent() && range.get().first() != writer.offset();
  }

  private static Answer outOfOrder(RepositoryName repository, UploadWriter writer) {
    Answer answer =
        ErrorAnswers.answer(
            ErrorCode.RANGE_INVALID.status(),
            ErrorCode.RANGE_INVALID,
            "the chunk does not start where the upload ends",
            "");
    return describe(answer, repository, new UploadStatus(writer.id(), writer.offset()));
  }

  private static Answer accepted(int status, RepositoryName repository, UploadStatus upload) {
    return describe(Answer.of(status), repository, upload);
  }

  /**
   * An empty session reads as {@code 0-0}, which docker wants, although one byte reads the same.
   */
  private static Answer describe(Answer answer, RepositoryName repository, UploadStatus upload) {
    return answer
        .header(Headers.LOCATION, Addresses.upload(repository, upload.id()))
        .header(Headers.RANGE, "0-" + Math.max(0, upload.offset() - 1))
        .header(Headers.UPLOAD_UUID, upload.id().toString());
  }

  private static Answer created(RepositoryName repository, BlobRecord blob) {
    return created(repository, blob.digest());
  }

  private static Answer created(RepositoryName repository, Digest digest) {
    return Answer.of(201)
        .header(Headers.LOCATION, Addresses.blob(repository, digest))
        .header(Headers.CONTENT_DIGEST, digest.toString());
  }

  private static RegistryFault lengthMismatch() {
    return RegistryFault.of(
        ErrorCode.SIZE_INVALID, "the body is not as long as content-range says");
  }

  private static RegistryFault unknown() {
    return RegistryFault.of(ErrorCode.BLOB_UPLOAD_UNKNOWN, "no such upload in the repository");
  }
}
