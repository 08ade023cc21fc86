package io.slipway.image.remote;

import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.util.Objects;

/** What to pull: a tag or digest, for a platform, as somebody. */
public record PullRequest(Reference reference, Platform platform, CredentialSource credentials) {
  public PullRequest {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(credentials, "credentials");
    reference = reference.withDefaultTag();
  }
}
