package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.RegistryException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Reference;

/** Refusals to give a manifest, in docker's words. */
final class PullErrors {
  private PullErrors() {}

  static SlipwayException of(Reference reference, RegistryException e) {
    String repository = reference.repository().familiar();
    String prefix =
        switch (e.code()) {
          case "MANIFEST_UNKNOWN" -> "manifest for " + reference.familiar() + " not found: ";
          case "NAME_UNKNOWN" -> "repository " + repository + " not found: ";
          case "DENIED", "UNAUTHORIZED" ->
              "pull access denied for "
                  + repository
                  + ", repository does not exist or may require 'docker login': ";
          default ->
              e.kind() == ErrorKind.NOT_FOUND
                  ? "manifest for " + reference.familiar() + " not found: "
                  : "";
        };
    return prefix.isEmpty() ? e : new SlipwayException(e.kind(), prefix + e.getMessage(), e);
  }
}
