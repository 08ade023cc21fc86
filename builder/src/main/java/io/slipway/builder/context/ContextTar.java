package io.slipway.builder.context;

import io.slipway.image.codec.BoundedInputStream;
import io.slipway.image.codec.Decompression;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.tar.TarEntry;
import io.slipway.runtime.layer.AppliedLayer;
import io.slipway.runtime.layer.ApplyObserver;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.FormerFiles;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.TreeCalls;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Unpacks a context that was sent, never outside its directory, and takes the digests of its files
 * in the same pass.
 */
final class ContextTar {
  /** Archives are padded to full records, of at most some megabytes. */
  private static final long MAX_TRAILER = 64 << 20;

  private ContextTar() {}

  /**
   * @param stream read to its end, not closed
   * @param into an empty directory
   * @param known gets the digests of the files
   * @param former files of earlier contexts
   * @param limits of what it may hold
   * @throws SlipwayException {@code INVALID} if it is no archive, damaged, leaves its directory or
   *     holds a device; {@code UNAVAILABLE} if the stream breaks
   */
  static AppliedLayer unpack(
      InputStream stream, Path into, KnownDigests known, FormerFiles former, ArchiveLimits limits)
      throws IOException {
    Sender sender = new Sender(stream);
    try (InputStream tar = Decompression.open(sender)) {
      ApplyOptions options = limits.in(ApplyOptions.ARCHIVE.withOwner(0, 0));
      AppliedLayer unpacked =
          new LayerApplier(options, new Reading(known), former).apply(tar, into, Optional.empty());
      // To the end also of the compressed stream, whose checksum comes last.
      new BoundedInputStream(tar, "what follows the build context's archive", MAX_TRAILER)
          .transferTo(OutputStream.nullOutputStream());
      return unpacked;
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(), "unpacking the build context: " + ArchiveLimits.explained(e), e);
    } catch (LinuxException e) {
      throw e;
    } catch (IOException e) {
      if (e.getCause() instanceof LinuxException) {
        throw e;
      }
      if (sender.broken) {
        throw new SlipwayException(
            ErrorKind.UNAVAILABLE, "receiving the build context: " + e.getMessage(), e);
      }
      throw new SlipwayException(
          ErrorKind.INVALID, "unpacking the build context: " + e.getMessage(), e);
    }
  }

  /** Tells a connection that broke from content that is broken. */
  private static final class Sender extends FilterInputStream {
    private boolean broken;

    Sender(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    /** The caller's to close. */
    @Override
    public void close() {}
  }

  private static final class Reading implements ApplyObserver {
    private final KnownDigests known;
    private final MessageDigest data = DigestAlgorithm.SHA256.newDigest();

    Reading(KnownDigests known) {
      this.known = known;
    }

    @Override
    public void entry(TarEntry entry) {
      if (entry.type().isDevice()) {
        throw SlipwayException.invalid("\"" + entry.name() + "\" is a device");
      }
      data.reset();
    }

    @Override
    public void content(ByteBuffer part) {
      data.update(part);
    }

    @Override
    public void file(TarEntry entry, Fd file) throws IOException {
      byte[] digest =
          FileContent.withAttributes(data.digest(), FileContent.countedInContexts(entry.xattrs()));
      // Holds for this build only, as the files do.
      known.put(TreeCalls.status(file), digest, false);
    }
  }
}
