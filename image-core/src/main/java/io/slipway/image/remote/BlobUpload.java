package io.slipway.image.remote;

import io.slipway.image.content.Blob;
import io.slipway.image.error.RegistryException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sends one blob. After a broken connection it asks the session how much has arrived and sends the
 * rest; when the session is gone it opens another.
 */
final class BlobUpload {
  /** A blob up to this size goes with the closing PUT, which saves a request. */
  private static final long SINGLE_REQUEST_BYTES = 1 << 20;

  private final UploadEndpoint uploads;
  private final BlobEndpoint blobs;
  private final Blob blob;
  private final Digest digest;
  private final ProgressMeter progress;
  private URI session;
  private long offset;

  /** The last attempt broke, and it is not known yet what arrived. */
  private boolean broken;

  /** This attempt goes on in the middle. */
  private boolean resumed;

  BlobUpload(UploadEndpoint uploads, BlobEndpoint blobs, Blob blob, ProgressMeter progress) {
    this.uploads = uploads;
    this.blobs = blobs;
    this.blob = blob;
    this.digest = blob.digest();
    this.progress = progress;
  }

  /** Sends the blob, into {@code opened} when the registry has opened a session already. */
  void run(Optional<URI> opened) throws IOException {
    session = opened.isPresent() ? opened.get() : uploads.start();
    Backoff backoff = new Backoff(uploads.transport().settings(), progress::retrying);
    while (true) {
      long before = offset;
      try {
        if (broken && recover()) {
          return;
        }
        attempt();
        return;
      } catch (TransientFailure e) {
        if (offset > before) {
          backoff.progressed();
        }
        backoff.await(e);
        broken = true;
      } catch (SlipwayException e) {
        if (!resumed || !isLostSession(e)) {
          cancelSession(e);
          throw e;
        }
        restart();
      }
    }
  }

  private void attempt() throws IOException, TransientFailure {
    if (offset == 0 && blob.size() <= SINGLE_REQUEST_BYTES) {
      uploads.finish(session, digest, rest());
      progress.moveTo(blob.size());
      return;
    }
    if (offset < blob.size()) {
      session = uploads.patch(session, offset, rest());
      offset = blob.size();
    }
    uploads.finish(session, digest, UploadEndpoint.Content.NONE);
  }

  /**
   * Finds out what the registry has: true when the blob is complete there (the answer was lost),
   * else with {@link #session} and {@link #offset} set to go on.
   */
  private boolean recover() throws IOException {
    OptionalLong there = blobs.head(digest);
    if (there.isPresent()) {
      return true;
    }
    Optional<UploadEndpoint.Status> status = uploads.status(session);
    if (status.isPresent() && status.get().offset() <= blob.size()) {
      session = status.get().session();
      offset = status.get().offset();
      resumed = offset > 0;
      progress.moveTo(offset);
    } else {
      restart();
    }
    broken = false;
    return false;
  }

  private void restart() throws IOException {
    session = uploads.start();
    offset = 0;
    resumed = false;
    progress.moveTo(0);
  }

  /** docker-registry 2.8 tells the offset of a broken session and then refuses to go on there. */
  private static boolean isLostSession(SlipwayException e) {
    return e instanceof RegistryException answer
        && (answer.status() == 400 || answer.status() == 404 || answer.status() == 416);
  }

  /** A session that cannot be used any more is not left to the registry's patience. */
  private void cancelSession(SlipwayException reason) {
    if (Thread.currentThread().isInterrupted() || reason instanceof RegistryException) {
      // no time to ask, or the registry has ended it by refusing
      return;
    }
    try {
      uploads.cancel(session);
    } catch (IOException | SlipwayException e) {
      reason.addSuppressed(e);
    }
  }

  private UploadEndpoint.Content rest() {
    long from = offset;
    long length = blob.size() - from;
    return new UploadEndpoint.Content(() -> publisher(from, length), length, progress::current);
  }

  private BodyPublisher publisher(long from, long length) {
    if (length == 0) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(
        BodyPublishers.ofInputStream(() -> new Counted(blob.stream(from), from)), length);
  }

  private final class Counted extends FilterInputStream {
    private long position;

    Counted(InputStream source, long position) {
      super(source);
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int read = in.read(buffer, from, length);
      if (read > 0) {
        position += read;
        progress.moveTo(position);
      }
      return read;
    }
  }
}
