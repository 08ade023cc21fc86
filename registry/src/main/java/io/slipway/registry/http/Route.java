package io.slipway.registry.http;

import io.slipway.image.model.Digest;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadId;
import java.util.Optional;
import java.util.Set;

/**
 * What a request's path names, parsed and validated; one variant per kind of address of the
 * distribution-spec, with the methods it answers.
 */
sealed interface Route {
  Set<String> READ = Set.of("GET", "HEAD");
  Set<String> READ_DELETE = Set.of("GET", "HEAD", "DELETE");

  /** The methods this address answers; any other is 405. */
  Set<String> methods();

  /** The repository it is about, if it is about one. */
  default Optional<RepositoryName> repositoryName() {
    return switch (this) {
      case ApiVersion version -> Optional.empty();
      case Catalog catalog -> Optional.empty();
      case Extensions extensions -> extensions.within();
      case Token token -> Optional.empty();
      case TokenKeys keys -> Optional.empty();
      case Health health -> Optional.empty();
      case Blob blob -> Optional.of(blob.repository());
      case Manifest manifest -> Optional.of(manifest.repository());
      case Uploads start -> Optional.of(start.repository());
      case Upload upload -> Optional.of(upload.repository());
      case TagList tags -> Optional.of(tags.repository());
      case Referrers referrers -> Optional.of(referrers.repository());
    };
  }

  /** The same in another repository. */
  default Route in(RepositoryName repository) {
    return switch (this) {
      case ApiVersion version -> version;
      case Catalog catalog -> catalog;
      case Extensions extensions ->
          extensions.within().isEmpty() ? extensions : new Extensions(Optional.of(repository));
      case Token token -> token;
      case TokenKeys keys -> keys;
      case Health health -> health;
      case Blob blob -> new Blob(repository, blob.digest());
      case Manifest manifest -> new Manifest(repository, manifest.reference());
      case Uploads start -> new Uploads(repository);
      case Upload upload -> new Upload(repository, upload.id());
      case TagList tags -> new TagList(repository);
      case Referrers referrers -> new Referrers(repository, referrers.subject());
    };
  }

  /** {@code /token}: our own token service. */
  record Token() implements Route {
    @Override
    public Set<String> methods() {
      return Set.of("GET", "POST");
    }
  }

  /** {@code /token/jwks}: what its tokens can be verified with. */
  record TokenKeys() implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /** {@code /healthz}, {@code /healthz/live} and {@code /healthz/ready}. */
  record Health(boolean ready) implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /** {@code /v2/} (end-1). */
  record ApiVersion() implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /** {@code /v2/_catalog}. */
  record Catalog() implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /**
   * {@code /v2/_oci/ext/discover} and {@code /v2/<name>/_oci/ext/discover}: what there is beside
   * the distribution-spec, in all or within a repository.
   */
  record Extensions(Optional<RepositoryName> within) implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /** {@code /v2/<name>/blobs/<digest>} (end-2, end-10). */
  record Blob(RepositoryName repository, Digest digest) implements Route {
    @Override
    public Set<String> methods() {
      return READ_DELETE;
    }
  }

  /** {@code /v2/<name>/manifests/<reference>} (end-3, end-7, end-9). */
  record Manifest(RepositoryName repository, ManifestReference reference) implements Route {
    @Override
    public Set<String> methods() {
      return Set.of("GET", "HEAD", "PUT", "DELETE");
    }
  }

  /** {@code /v2/<name>/blobs/uploads/} (end-4, end-11). */
  record Uploads(RepositoryName repository) implements Route {
    @Override
    public Set<String> methods() {
      return Set.of("POST");
    }
  }

  /**
   * {@code /v2/<name>/blobs/uploads/<id>} (end-5, end-6, end-13, end-14); no id when the last
   * segment cannot be one of ours.
   */
  record Upload(RepositoryName repository, Optional<UploadId> id) implements Route {
    @Override
    public Set<String> methods() {
      return Set.of("GET", "HEAD", "PATCH", "PUT", "DELETE");
    }
  }

  /** {@code /v2/<name>/tags/list} (end-8). */
  record TagList(RepositoryName repository) implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }

  /** {@code /v2/<name>/referrers/<digest>} (end-12). */
  record Referrers(RepositoryName repository, Digest subject) implements Route {
    @Override
    public Set<String> methods() {
      return READ;
    }
  }
}
