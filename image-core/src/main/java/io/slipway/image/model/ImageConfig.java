package io.slipway.image.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An image's config: what it runs, on what, from which layers. The parsed view beside the original
 * bytes; the image id is the digest of the bytes. Absent texts are empty.
 */
public record ImageConfig(
    Bytes bytes,
    Platform platform,
    String author,
    Optional<Instant> created,
    ContainerConfig config,
    RootFs rootFs,
    List<History> history) {

  /** The largest config that is read. */
  public static final int MAX_BYTES = 8 << 20;

  public ImageConfig {
    Objects.requireNonNull(bytes, "bytes");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(rootFs, "rootFs");
    history = List.copyOf(history);
  }

  /** Parses an OCI or Docker image config; INVALID when malformed or larger than the limit. */
  public static ImageConfig parse(Bytes bytes) {
    return ImageConfigJson.parse(bytes);
  }

  /** The image id: sha256 of the bytes. */
  public Digest id() {
    return bytes.digest();
  }

  /** The config as part of a manifest of the given family. */
  public Descriptor descriptor(ManifestFormat format) {
    return new Descriptor(format.configType(), id(), bytes.size());
  }

  /** A builder that starts from these values; what it builds has bytes of its own. */
  public Builder toBuilder() {
    return new Builder(platform)
        .author(author)
        .created(created)
        .config(config)
        .rootFs(rootFs)
        .history(history);
  }

  /** Collects a new config; {@link #build} writes its JSON with stable key order. */
  public static final class Builder {
    private Platform platform;
    private String author = "";
    private Optional<Instant> created = Optional.empty();
    private ContainerConfig config = ContainerConfig.EMPTY;
    private RootFs rootFs = RootFs.EMPTY;
    private List<History> history = List.of();

    public Builder(Platform platform) {
      this.platform = platform;
    }

    public Builder platform(Platform value) {
      platform = value;
      return this;
    }

    public Builder author(String value) {
      author = value;
      return this;
    }

    public Builder created(Optional<Instant> value) {
      created = value;
      return this;
    }

    public Builder config(ContainerConfig value) {
      config = value;
      return this;
    }

    public Builder rootFs(RootFs value) {
      rootFs = value;
      return this;
    }

    public Builder history(List<History> value) {
      history = value;
      return this;
    }

    public ImageConfig build() {
      ImageConfig draft =
          new ImageConfig(Bytes.utf8(""), platform, author, created, config, rootFs, history);
      return new ImageConfig(
          ImageConfigJson.write(draft), platform, author, created, config, rootFs, history);
    }
  }
}
