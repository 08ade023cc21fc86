package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.RegistrySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on a free port over a temporary data root, and a client for it. */
final class RegistryFixture extends RegistryClient {
  private final RegistrySettings config;
  private final MirrorSettings mirror;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private RegistryServer server;

  private RegistryFixture(RegistrySettings config, MirrorSettings mirror) {
    this.config = config;
    this.mirror = mirror;
    this.server = RegistryServer.open(config, mirror, log::add);
  }

  /** A mirror of these registries. */
  static RegistryFixture mirror(Path dataRoot, MirrorSettings mirror) {
    return new RegistryFixture(
        RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), dataRoot), mirror);
  }

  static RegistryFixture open(Path dataRoot) {
    return open(dataRoot, Map.of());
  }

  /** {@code settings} by key, such as {@code limits.cache}; the others have their presets. */
  static RegistryFixture open(Path dataRoot, Map<String, String> settings) {
    RegistrySettings all =
        RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), dataRoot, settings);
    return new RegistryFixture(all, all.mirror());
  }

  void restart() {
    server.close();
    server = RegistryServer.open(config, mirror, log::add);
  }

  @Override
  ListenAddress address() {
    return server.address();
  }

  List<String> log() {
    return log;
  }

  static byte[] random(int size) {
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    return content;
  }

  @Override
  public void close() {
    super.close();
    server.close();
    assertThat(log)
        .as("the server reported no fault of its own")
        .noneMatch(line -> line.contains("unexpected failure"));
  }
}
