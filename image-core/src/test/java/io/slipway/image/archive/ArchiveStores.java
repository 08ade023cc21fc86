package io.slipway.image.archive;

import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.model.Compression;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.Platform;
import io.slipway.image.remote.PullSink;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A blob store and a layer index in a directory, and what archives are read and written with. */
final class ArchiveStores {
  static final TarTime TIME = new TarTime(1_600_000_000, 0);

  final DirectoryBlobStore blobs;
  final FileLayerIndex index;
  final Lease lease = new Leases().open();

  ArchiveStores(Path directory) throws IOException {
    blobs = DirectoryBlobStore.open(directory.resolve("blobs"), Duration.ofDays(1));
    index = FileLayerIndex.open(directory.resolve("layers"));
  }

  ImageArchiveReader reader() {
    return new ImageArchiveReader(
        blobs, index, PullSink.BLOBS_ONLY, new Platform("linux", "amd64"));
  }

  ImageArchiveWriter writer(Compression compression) {
    return new ImageArchiveWriter(blobs, new StoredLayers(blobs, index), compression);
  }

  List<LoadedImage> load(byte[] archive) throws IOException {
    return reader().read(new ByteArrayInputStream(archive), lease);
  }

  ImageConfig importTar(InputStream tar) throws IOException {
    RootfsImporter importer = new RootfsImporter(blobs, index, PullSink.BLOBS_ONLY);
    RootfsImporter.Settings settings =
        new RootfsImporter.Settings(
            new Platform("linux", "amd64"),
            ContainerConfig.EMPTY,
            "Imported from -",
            Instant.ofEpochSecond(1_600_000_000));
    return importer.importTar(tar, settings, lease);
  }

  Digest store(byte[] content) throws IOException {
    try (Ingest ingest = blobs.ingest(UUID.randomUUID().toString(), DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(content));
      return ingest.commit(ExpectedContent.anything()).digest();
    }
  }

  /** A tar in memory. */
  static final class Tar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarWriter writer = new TarWriter(out);

    Tar file(String name, String content) throws IOException {
      return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Tar file(String name, byte[] content) throws IOException {
      return put(TarEntry.file(name, 0644, content.length, TIME), content);
    }

    Tar put(TarEntry entry, byte[] content) throws IOException {
      writer.put(entry);
      writer.write(content, 0, content.length);
      return this;
    }

    byte[] bytes() throws IOException {
      writer.finish();
      return out.toByteArray();
    }
  }
}
