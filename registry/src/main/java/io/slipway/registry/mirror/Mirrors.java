package io.slipway.registry.mirror;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.Credentials;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.image.remote.RegistrySettings;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.UpstreamSettings;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** All mirrored repositories of a server. Safe for threads. */
public final class Mirrors implements AutoCloseable {
  private static final int MAX_OPEN = 1_000;

  /** Somebody waits for the answer: better to fail soon than to try for long. */
  private static final int ATTEMPTS = 3;

  private static final Duration FIRST_DELAY = Duration.ofMillis(200);

  private final List<Upstream> upstreams;
  private final MirrorContext context;
  private final Map<RepositoryName, Mirror> open =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RepositoryName, Mirror> eldest) {
          return size() > MAX_OPEN;
        }
      };

  /**
   * @param log is told of failures of upstreams, one line each
   * @throws SlipwayException INVALID when a password file cannot be read
   */
  public Mirrors(MirrorSettings settings, RegistryStore store, Clock clock, Consumer<String> log) {
    this.upstreams =
        settings.upstreams().stream()
            .map(upstream -> new Upstream(upstream, credentials(upstream), clock))
            .toList();
    Set<String> plain =
        settings.upstreams().stream()
            .filter(UpstreamSettings::plainHttp)
            .map(UpstreamSettings::registry)
            .collect(Collectors.toSet());
    RegistrySettings remote =
        RegistrySettings.DEFAULT
            .withInsecure(plain)
            .withAuthorities(authorities(settings.upstreams()))
            .withPatience(settings.patience(), ATTEMPTS, FIRST_DELAY)
            .withLongestWait(Duration.ZERO);
    this.context =
        new MirrorContext(
            settings,
            store,
            new RegistryConnections(remote),
            new Downloads(store, log),
            clock,
            log);
  }

  private static Map<String, Path> authorities(List<UpstreamSettings> upstreams) {
    Map<String, Path> files = new HashMap<>();
    for (UpstreamSettings upstream : upstreams) {
      upstream
          .ca()
          .ifPresent(file -> {
            if (!Files.isReadable(file)) {
              throw SlipwayException.invalid(
                  "cannot read ca %s of upstream %s".formatted(file, upstream.registry()));
            }
            files.put(upstream.registry(), file);
          });
    }
    return files;
  }

  private static CredentialSource credentials(UpstreamSettings upstream) {
    if (upstream.user().isEmpty()) {
      return CredentialSource.ANONYMOUS;
    }
    Path file = upstream.passwordFile().orElseThrow();
    try {
      return CredentialSource.of(
          new Credentials.Basic(upstream.user().get(), Files.readString(file).strip()));
    } catch (IOException e) {
      throw SlipwayException.invalid(
          "cannot read password file %s of upstream %s: %s"
              .formatted(file, upstream.registry(), e.getClass().getSimpleName()));
    }
  }

  /** Whether anything is mirrored. */
  public boolean isEmpty() {
    return upstreams.isEmpty();
  }

  /** The mirror of a repository; the longest prefix counts. Empty: the repository is our own. */
  public Optional<Mirror> of(RepositoryName repository) {
    if (upstreams.isEmpty()) {
      return Optional.empty();
    }
    synchronized (open) {
      Mirror known = open.get(repository);
      if (known != null) {
        return Optional.of(known);
      }
      Optional<Mirror> found =
          upstreams.stream()
              .filter(upstream -> upstream.match(repository).isPresent())
              .max(Comparator.comparing(upstream -> upstream.match(repository).orElseThrow()))
              .map(upstream -> new Mirror(repository, upstream, context));
      found.ifPresent(mirror -> open.put(repository, mirror));
      return found;
    }
  }

  /**
   * The repository here for one of the registry {@code namespace}, which a client names in the
   * query of a request to its mirror; empty when no upstream goes by that name.
   */
  public Optional<RepositoryName> local(String namespace, RepositoryName there) {
    return upstreams.stream()
        .filter(upstream -> upstream.isNamed(namespace))
        .findFirst()
        .map(upstream -> upstream.local(there));
  }

  /**
   * Fetches a blob or manifest again, verified, for example in place of a damaged one; false when
   * the repository is no mirror or its upstream cannot give it now. Blocks.
   */
  public boolean refetch(RepositoryName repository, Digest digest) {
    Optional<Mirror> mirror = of(repository);
    if (mirror.isEmpty()) {
      return false;
    }
    try {
      mirror.get().bring(digest);
      return true;
    } catch (IOException | SlipwayException e) {
      context.log().accept("mirror %s: %s: %s".formatted(repository, digest, e.getMessage()));
      return false;
    }
  }

  /** Cuts what is under way. */
  @Override
  public void close() {
    context.connections().close();
    context.downloads().close();
  }
}
