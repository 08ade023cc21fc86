package io.slipway.runtime.spec;

import java.util.List;
import java.util.Objects;

/**
 * Who a process runs as, in Docker's words. Names are looked up in the container's own passwd and
 * group files when it starts.
 *
 * @param text {@code user}, {@code uid}, {@code user:group}, {@code uid:gid} or empty for root
 * @param extraGroups more groups, names or numbers ({@code --group-add})
 */
public record UserSpec(String text, List<String> extraGroups) {
  public static final UserSpec ROOT = new UserSpec("", List.of());

  public UserSpec {
    Objects.requireNonNull(text, "text");
    extraGroups = List.copyOf(extraGroups);
  }

  public static UserSpec of(String text) {
    return new UserSpec(text, List.of());
  }
}
