package io.slipway.engine.volume;

import java.util.List;

/** Which containers use a volume; the ids, running or not. */
@FunctionalInterface
public interface VolumeUsers {
  List<String> of(String volume);
}
