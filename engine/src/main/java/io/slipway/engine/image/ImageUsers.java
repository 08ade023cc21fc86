package io.slipway.engine.image;

import io.slipway.image.model.Digest;
import java.util.List;

/** Knows which containers were made from an image. */
@FunctionalInterface
public interface ImageUsers {
  /** The containers of the image with this id. */
  List<User> usersOf(Digest imageId);

  /** A container that uses an image. */
  record User(String containerId, boolean running) {}
}
