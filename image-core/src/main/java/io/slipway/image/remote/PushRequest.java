package io.slipway.image.remote;

import io.slipway.image.model.Compression;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.name.Reference;
import java.util.List;
import java.util.Objects;

/**
 * What to push.
 *
 * @param target where to, with a tag
 * @param config the image
 * @param known manifests the image is known by: one whose blobs are all here is pushed as it is, so
 *     that its digest stays the same
 * @param format of a new manifest, when none of {@code known} will do
 * @param compression of layers that must be packed now
 * @param credentials who pushes
 */
public record PushRequest(
    Reference target,
    ImageConfig config,
    List<ImageManifest> known,
    ManifestFormat format,
    Compression compression,
    CredentialSource credentials) {

  public PushRequest {
    Objects.requireNonNull(config, "config");
    known = List.copyOf(known);
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(credentials, "credentials");
    target = target.withDefaultTag();
    target.tag().orElseThrow(() -> new IllegalArgumentException("a push needs a tag"));
  }
}
