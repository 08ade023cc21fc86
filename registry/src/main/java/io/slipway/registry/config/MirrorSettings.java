package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which repositories are filled from other registries, and how patiently. */
public record MirrorSettings(
    List<UpstreamSettings> upstreams, Duration tagLife, Duration staleIfError, Duration patience) {

  public MirrorSettings {
    upstreams = List.copyOf(upstreams);
    Objects.requireNonNull(tagLife, "tagLife");
    Objects.requireNonNull(staleIfError, "staleIfError");
    Objects.requireNonNull(patience, "patience");
    Set<String> prefixes = new HashSet<>();
    for (UpstreamSettings upstream : upstreams) {
      if (!prefixes.add(upstream.prefix())) {
        throw SlipwayException.invalid(
            "two upstreams have the prefix \"" + upstream.prefix() + "\"");
      }
    }
  }
}
