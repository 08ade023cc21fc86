package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Repository;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /v2/<name>/referrers/<digest>} (end-12), all pages; of a registry that lacks it, the index
 * under the referrers tag.
 */
final class ReferrersEndpoint {
  private static final int MAX_PAGES = 100;

  /** The longest hash that fits a tag (distribution-spec "Referrers Tag Schema"). */
  private static final int TAG_HEX = 64;

  private final RegistryTransport transport;
  private final Repository repository;
  private final RegistryScope scope;
  private final ManifestEndpoint manifests;

  ReferrersEndpoint(
      RegistryTransport transport,
      Repository repository,
      RegistryScope scope,
      ManifestEndpoint manifests) {
    this.transport = transport;
    this.repository = repository;
    this.scope = scope;
    this.manifests = manifests;
  }

  List<Descriptor> list(Digest subject) throws IOException {
    List<Descriptor> found = new ArrayList<>();
    URI page = transport.address().url(repository.path() + "/referrers/" + subject);
    for (int i = 0; i < MAX_PAGES; i++) {
      RegistryTransport.Fetched fetched;
      try {
        fetched =
            transport.fetch(
                page, Map.of("Accept", MediaTypes.OCI_INDEX), scope, Manifest.MAX_BYTES);
      } catch (SlipwayException e) {
        if (i == 0 && e.kind() == ErrorKind.NOT_FOUND) {
          return tagged(subject);
        }
        throw e;
      }
      found.addAll(index(Bytes.copyOf(fetched.body())));
      Optional<URI> next = TagsEndpoint.next(fetched.response());
      if (next.isEmpty()) {
        return found;
      }
      page = next.get();
    }
    throw SlipwayException.invalid("the referrers of " + subject + " have too many pages");
  }

  private static List<Descriptor> index(Bytes body) {
    return Manifest.parse(body, MediaTypes.OCI_INDEX) instanceof ImageIndex index
        ? index.manifests()
        : List.of();
  }

  private List<Descriptor> tagged(Digest subject) throws IOException {
    String hex = subject.hex();
    String tag =
        subject.algorithm().label() + "-" + hex.substring(0, Math.min(TAG_HEX, hex.length()));
    try {
      return manifests.get(tag) instanceof ImageIndex index ? index.manifests() : List.of();
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }
}
