package io.slipway.engine.state;

import java.time.Instant;

/**
 * Says that a container was running; in the exec root, which does not survive a reboot.
 *
 * @param pid of its first process
 */
public record RunningRecord(String id, int pid, Instant startedAt) {}
