package io.slipway.registry.mirror;

import io.slipway.image.remote.RegistryConnections;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.store.RegistryStore;
import java.time.Clock;
import java.util.function.Consumer;

/** What all mirrors of a server share. */
record MirrorContext(
    MirrorSettings settings,
    RegistryStore store,
    RegistryConnections connections,
    Downloads downloads,
    Clock clock,
    Consumer<String> log) {}
