package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which repositories are filled from other registries, and how patiently. */
public record MirrorSettings(
    @Setting("registries that repositories here are copies of") List<UpstreamSettings> upstreams,
    @Setting(
            value = "for how long a tag's manifest is served without asking the upstream again",
            preset = "1m")
        Duration tagLife,
    @Setting(
            value = "for how long after that it is served still when the upstream does not answer",
            preset = "7d")
        Duration staleIfError,
    @Setting(value = "how long an upstream may take to answer", preset = "30s") Duration patience) {

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
