package io.slipway.builder;

import io.slipway.builder.exchange.CacheTransfer;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.export.BuildOutput;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.CredentialSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Where all builds of the same thing meet, whichever machine they run on. */
final class SharedCache {
  private SharedCache() {}

  /** A tag below {@code registry}: by the name of the image, else by what the Dockerfile says. */
  static CacheTransfers of(
      String registry,
      BuildRequest request,
      Dockerfile dockerfile,
      Platform host,
      CredentialSource credentials) {
    Platform platform = request.options().platform().orElse(host);
    String target = request.options().target();
    String tag =
        (target.isEmpty() ? "" : target.toLowerCase(Locale.ROOT) + "-")
            + platform.toString().replace('/', '-');
    Reference reference = Reference.parse(registry + "/" + name(request, dockerfile) + ":" + tag);
    var place = new CacheTransfer.Registry(reference);
    var transfer = new CacheTransfer(place, true, false, true, Compression.GZIP);
    return new CacheTransfers(List.of(transfer), List.of(transfer), credentials);
  }

  private static String name(BuildRequest request, Dockerfile dockerfile) {
    for (BuildOutput output : request.outputs()) {
      if (output instanceof BuildOutput.Image image && !image.tags().isEmpty()) {
        return image.tags().getFirst().repository().path();
      }
    }
    String text =
        dockerfile.instructions().stream()
            .map(instruction -> instruction.header().original())
            .reduce("", (a, b) -> a + "\n" + b);
    return "dockerfile/" + Digest.of(text.getBytes(StandardCharsets.UTF_8)).shortHex();
  }
}
