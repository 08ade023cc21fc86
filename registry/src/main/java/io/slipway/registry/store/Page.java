package io.slipway.registry.store;

import java.util.Objects;

/**
 * Which part of an ordered list is wanted: at most {@code limit} items that sort after {@code
 * after}; empty {@code after} means from the beginning, and it need not name an existing item.
 */
public record Page(int limit, String after) {
  public Page {
    Objects.requireNonNull(after, "after");
    if (limit < 0) {
      throw RegistryFault.of(ErrorCode.PAGINATION_NUMBER_INVALID, "n must not be negative");
    }
  }
}
