package io.slipway.registry.http;

import io.slipway.image.content.Blob;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.mirror.Mirror;
import io.slipway.registry.mirror.Mirrors;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryBlobs;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reading and deleting blobs (end-2, end-10). */
final class BlobEndpoint {
  private final RepositoryBlobs blobs;
  private final Mirrors mirrors;

  BlobEndpoint(RepositoryBlobs blobs, Mirrors mirrors) {
    this.blobs = blobs;
    this.mirrors = mirrors;
  }

  /** The answer if memory has all that it needs; never blocks. */
  Optional<Answer> answerNow(Exchange exchange, Route.Blob route) {
    if (exchange.method() == HttpMethod.DELETE
        || exchange.header(Headers.RANGE) != null
        || exchange.header(Headers.IF_NONE_MATCH) != null) {
      return Optional.empty();
    }
    return blobs
        .cached(route.repository(), route.digest())
        .map(content -> described(200, route.digest()).body(new AnswerBody.InMemory(content)));
  }

  Answer answer(Exchange exchange, Route.Blob route) throws IOException {
    if (exchange.method() == HttpMethod.DELETE) {
      blobs.delete(route.repository(), route.digest());
      return Answer.of(202);
    }
    Optional<Mirror> mirror = mirrors.of(route.repository());
    if (mirror.isEmpty()) {
      BlobRecord blob = blobs.require(route.repository(), route.digest());
      return answer(exchange, blob, (from, length) -> content(blob, from, length));
    }
    return fromMirror(exchange, route, mirror.get());
  }

  /** From the store if it is there, else as it comes from the upstream. */
  private Answer fromMirror(Exchange exchange, Route.Blob route, Mirror mirror) throws IOException {
    Optional<BlobRecord> here = blobs.find(route.repository(), route.digest());
    if (here.isPresent()) {
      return answer(exchange, here.get(), (from, length) -> content(here.get(), from, length));
    }
    BlobRecord blob = mirror.find(route.digest());
    return answer(
        exchange, blob, (from, length) -> new AnswerBody.BlobPart(mirror.open(blob), from, length));
  }

  /** Makes the body of an answer. */
  private interface Content {
    AnswerBody part(long position, long length) throws IOException;
  }

  private static Answer answer(Exchange exchange, BlobRecord blob, Content content)
      throws IOException {
    if (EntityTags.unchanged(exchange.header(Headers.IF_NONE_MATCH), blob.digest().toString())) {
      return described(304, blob.digest());
    }
    if (exchange.isHead()) {
      return described(200, blob.digest()).body(new AnswerBody.Withheld(blob.size()));
    }
    return switch (range(exchange, blob)) {
      case ByteRange.Whole whole ->
          described(200, blob.digest()).body(content.part(0, blob.size()));
      case ByteRange.Part part ->
          described(206, blob.digest())
              .header(
                  Headers.CONTENT_RANGE,
                  "bytes " + part.first() + "-" + part.last() + "/" + blob.size())
              .body(content.part(part.first(), part.length()));
      case ByteRange.Unsatisfiable none ->
          ErrorAnswers.answer(
                  ErrorCode.RANGE_INVALID.status(),
                  ErrorCode.RANGE_INVALID,
                  "the range lies outside the blob",
                  "")
              .header(Headers.CONTENT_RANGE, "bytes */" + blob.size());
    };
  }

  /** An If-Range that names other content makes the range void. */
  private static ByteRange range(Exchange exchange, BlobRecord blob) {
    String ifRange = exchange.header(Headers.IF_RANGE);
    boolean same = ifRange == null || EntityTags.unchanged(ifRange, blob.digest().toString());
    return same
        ? ByteRange.parse(exchange.header(Headers.RANGE), blob.size())
        : new ByteRange.Whole();
  }

  private AnswerBody content(BlobRecord blob, long position, long length) {
    if (blob.size() <= RepositoryBlobs.SMALL) {
      return new AnswerBody.InMemory(
          blobs.small(blob), Math.toIntExact(position), Math.toIntExact(length));
    }
    Blob open = blobs.open(blob);
    if (open.size() != blob.size()) {
      throw damaged(open, blob);
    }
    if (length == blob.size() && !blobs.isTrusted(blob)) {
      return new AnswerBody.CheckedBlob(open, good -> blobs.verified(blob, good));
    }
    Optional<Path> file = open.file();
    if (file.isEmpty()) {
      return new AnswerBody.BlobPart(open, position, length);
    }
    try (open) {
      return new AnswerBody.FilePart(openFile(file.get(), blob), position, length);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "open " + blob.digest() + ": " + e.getMessage(), e);
    }
  }

  private FileChannel openFile(Path file, BlobRecord blob) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw RegistryFault.of(ErrorCode.BLOB_UNKNOWN, "blob is gone", blob.digest().toString());
    }
    if (channel.size() != blob.size()) {
      throw damaged(channel, blob);
    }
    return channel;
  }

  private RegistryFault damaged(AutoCloseable open, BlobRecord blob) {
    RegistryFault fault =
        RegistryFault.of(ErrorCode.BLOB_UNKNOWN, "blob is damaged", blob.digest().toString());
    try {
      open.close();
      blobs.setAside(blob);
    } catch (Exception e) {
      fault.addSuppressed(e);
    }
    return fault;
  }

  private static Answer described(int status, Digest digest) {
    String name = digest.toString();
    return Answer.of(status)
        .header(Headers.CONTENT_TYPE, Headers.OCTET_STREAM)
        .header(Headers.CONTENT_DIGEST, name)
        .header(Headers.ETAG, '"' + name + '"')
        .header(Headers.ACCEPT_RANGES, Headers.BYTES)
        .header(Headers.CACHE_CONTROL, Headers.ONE_YEAR);
  }
}
