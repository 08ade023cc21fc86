package io.slipway.builder;

import io.slipway.builder.check.CheckFacts;
import io.slipway.builder.frontend.BaseImage;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The images that one build has looked up already, so that nothing is looked up twice. */
final class KnownBases implements BaseImages {
  private final BaseImages images;
  private final Map<Wanted, BaseImage> known = new ConcurrentHashMap<>();

  private record Wanted(Reference reference, Platform platform) {}

  KnownBases(BaseImages images) {
    this.images = images;
  }

  @Override
  public BaseImage resolve(Reference reference, Platform platform) {
    BaseImage image = images.resolve(reference, platform);
    known.put(new Wanted(reference.withDefaultTag(), platform), image);
    return image;
  }

  @Override
  public BaseImage load(NamedContext.Layout layout, Platform platform) {
    return images.load(layout, platform);
  }

  /** What is known of an image by its name; nothing is fetched. */
  Optional<CheckFacts.Base> base(String name, Platform platform) {
    try {
      var wanted = new Wanted(Reference.parseWithDefaultTag(name), platform);
      return Optional.ofNullable(known.get(wanted)).map(KnownBases::facts);
    } catch (SlipwayException e) {
      return Optional.empty();
    }
  }

  /** The same, fetched if need be; empty if it cannot be had. */
  Optional<CheckFacts.Base> fetch(String name, Platform platform) {
    try {
      return Optional.of(facts(resolve(Reference.parseWithDefaultTag(name), platform)));
    } catch (SlipwayException e) {
      return Optional.empty();
    }
  }

  private static CheckFacts.Base facts(BaseImage image) {
    return new CheckFacts.Base(
        image.config().config().env().stream()
            .map(line -> line.substring(0, Math.max(0, line.indexOf('='))))
            .collect(Collectors.toSet()),
        image.config().platform());
  }
}
