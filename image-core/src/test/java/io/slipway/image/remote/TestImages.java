package io.slipway.image.remote;

import io.slipway.image.codec.ZstdCompressor;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.Platform;
import io.slipway.image.model.RootFs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Images whose layers are noise, which is all that registries care about. */
final class TestImages {
  private TestImages() {}

  /** An image with its layer blobs, compressed. */
  record TestImage(
      ImageConfig config, ImageManifest manifest, List<byte[]> blobs, List<byte[]> tars) {
    /** Everything of the image into a repository of the fake. */
    void putInto(FakeRegistry registry, String repository, String tag) {
      blobs.forEach(blob -> registry.putBlob(repository, blob));
      registry.putBlob(repository, config.bytes().toArray());
      registry.putManifest(
          repository, tag, manifest.descriptor().mediaType(), manifest.bytes().toArray());
    }

    Digest blobDigest(int layer) {
      return Digest.of(blobs.get(layer));
    }
  }

  static byte[] noise(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  static TestImage image(int... layerSizes) throws IOException {
    List<byte[]> blobs = new ArrayList<>();
    List<byte[]> tars = new ArrayList<>();
    List<Descriptor> descriptors = new ArrayList<>();
    RootFs rootFs = RootFs.EMPTY;
    for (int i = 0; i < layerSizes.length; i++) {
      byte[] tar = noise(layerSizes[i], i + 1L);
      byte[] blob = gzip(tar);
      tars.add(tar);
      blobs.add(blob);
      rootFs = rootFs.with(Digest.of(tar));
      descriptors.add(
          new Descriptor(
              ManifestFormat.OCI.layerType(Compression.GZIP), Digest.of(blob), blob.length));
    }
    ImageConfig config =
        new ImageConfig.Builder(new Platform("linux", "amd64")).rootFs(rootFs).build();
    ImageManifest manifest =
        ImageManifest.create(
            ManifestFormat.OCI, config.descriptor(ManifestFormat.OCI), descriptors, Map.of());
    return new TestImage(config, manifest, blobs, tars);
  }

  /** Packs the layers of an image when asked for, as the runtime would. */
  static final class PackedLayers implements LayerBlobs {
    private final VerifiedBlobs blobs;
    private final Map<Digest, byte[]> tars = new HashMap<>();

    PackedLayers(VerifiedBlobs blobs, TestImage image) {
      this.blobs = blobs;
      image.tars().forEach(tar -> tars.put(Digest.of(tar), tar));
    }

    @Override
    public Descriptor blob(Layer layer, Compression preferred, Lease lease) throws IOException {
      byte[] tar = tars.get(layer.diffId());
      byte[] packed = preferred == Compression.ZSTD ? zstd(tar) : gzip(tar);
      Digest digest = Digest.of(packed);
      lease.pin(digest);
      blobs.put(Bytes.copyOf(packed));
      return new Descriptor(ManifestFormat.OCI.layerType(preferred), digest, packed.length);
    }

    private static byte[] zstd(byte[] tar) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream zstd = new ZstdCompressor(3).open(out)) {
        zstd.write(tar);
      }
      return out.toByteArray();
    }

    @Override
    public long tarSize(Layer layer, Lease lease) {
      return tars.get(layer.diffId()).length;
    }

    @Override
    public void copyTar(Layer layer, OutputStream target, Lease lease) throws IOException {
      target.write(tars.get(layer.diffId()));
    }
  }
}
