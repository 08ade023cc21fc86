package io.slipway.image.remote;

import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one blob into an ingest. After a broken connection it asks for the rest by Range; the
 * digest goes on where it was.
 */
final class BlobDownload {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/.*");
  private static final int BUFFER_BYTES = 128 << 10;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final BlobEndpoint endpoint;
  private final Descriptor blob;
  private final Ingest ingest;
  private final ProgressMeter progress;

  BlobDownload(BlobEndpoint endpoint, Descriptor blob, Ingest ingest, ProgressMeter progress) {
    this.endpoint = endpoint;
    this.blob = blob;
    this.ingest = ingest;
    this.progress = progress;
  }

  /** Receives everything; the ingest is complete but not committed. */
  void run() throws IOException {
    Backoff backoff = new Backoff(endpoint.transport().settings(), progress::retrying);
    while (true) {
      long before = ingest.offset();
      try {
        attempt();
        return;
      } catch (TransientFailure e) {
        if (ingest.offset() == blob.size()) {
          // only the end of the answer was lost
          return;
        }
        if (ingest.offset() > before) {
          backoff.progressed();
        }
        backoff.await(e);
      }
    }
  }

  /** Commits what {@link #run} received. */
  void commit() throws IOException {
    ingest.commit(ExpectedContent.of(blob));
  }

  private void attempt() throws IOException, TransientFailure {
    try (RegistryResponse response = endpoint.get(blob.digest(), ingest.offset())) {
      if (response.status() == RANGE_NOT_SATISFIABLE && ingest.offset() > 0) {
        restart();
        throw broken(response, "registry refused to continue at byte " + ingest.offset(), null);
      }
      if (!response.isSuccess()) {
        throw endpoint.transport().failure(response);
      }
      alignWith(response);
      copy(response);
    }
  }

  /** A registry that knows no ranges sends everything again. */
  private void alignWith(RegistryResponse response) throws IOException, TransientFailure {
    if (ingest.offset() == 0 && response.status() != PARTIAL) {
      return;
    }
    if (response.status() != PARTIAL) {
      restart();
      return;
    }
    Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range").orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != ingest.offset()) {
      restart();
      throw broken(response, "registry sent another range than it was asked for", null);
    }
  }

  private void restart() throws IOException {
    ingest.truncate(0);
    progress.moveTo(0);
  }

  private void copy(RegistryResponse response) throws IOException, TransientFailure {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream body =
        new StallGuard(response.body(), endpoint.transport().settings().stallTimeout())) {
      while (true) {
        int read = read(response, body, buffer);
        if (read < 0) {
          break;
        }
        if (ingest.offset() + read > blob.size()) {
          throw new DigestMismatchException(
              "blob " + blob.digest(), blob.size() + " bytes", "more");
        }
        ingest.append(ByteBuffer.wrap(buffer, 0, read));
        progress.moveTo(ingest.offset());
      }
    }
    if (ingest.offset() < blob.size()) {
      throw broken(response, "unexpected EOF", null);
    }
  }

  /** A failure here is the network's; one of the ingest is the disk's and ends the download. */
  private int read(RegistryResponse response, InputStream body, byte[] buffer)
      throws TransientFailure {
    try {
      return body.read(buffer, 0, buffer.length);
    } catch (IOException e) {
      throw broken(response, NetworkErrors.reason(e), e);
    }
  }

  private TransientFailure broken(RegistryResponse response, String reason, IOException cause) {
    if (cause != null) {
      NetworkErrors.throwIfCancelled(cause);
    }
    return new TransientFailure(unavailable(reason, cause), RegistryErrors.retryAfter(response));
  }

  private SlipwayException unavailable(String reason, IOException cause) {
    return new SlipwayException(
        ErrorKind.UNAVAILABLE,
        "download of blob "
            + blob.digest()
            + " from "
            + endpoint.transport().address().domain()
            + " broke after "
            + ingest.offset()
            + " of "
            + blob.size()
            + " bytes: "
            + reason,
        cause);
  }
}
