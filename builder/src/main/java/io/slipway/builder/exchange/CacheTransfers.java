package io.slipway.builder.exchange;

import io.slipway.image.remote.CredentialSource;
import java.util.List;
import java.util.Objects;

/** Where a build may take results from, and where it puts its own. */
public record CacheTransfers(
    List<CacheTransfer> from, List<CacheTransfer> to, CredentialSource credentials) {
  public static final CacheTransfers NONE =
      new CacheTransfers(List.of(), List.of(), CredentialSource.ANONYMOUS);

  public CacheTransfers {
    from = List.copyOf(from);
    to = List.copyOf(to);
    Objects.requireNonNull(credentials, "credentials");
  }

  /** Whether the image's config is to hold the cache of its layers. */
  public boolean inline() {
    return to.stream().anyMatch(transfer -> transfer.place() instanceof CacheTransfer.Inline);
  }
}
