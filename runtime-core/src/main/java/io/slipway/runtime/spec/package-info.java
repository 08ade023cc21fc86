/**
 * What the kernel must be told to run a container, as plain data: complete before the first system
 * call, equal by value, free of descriptors and of anything that lives only while it runs.
 *
 * <p>Main types: {@link io.slipway.runtime.spec.ContainerSpec} and its parts; {@link
 * io.slipway.runtime.spec.ProcessSpec} is shared by the container's first process and by exec;
 * {@link io.slipway.runtime.spec.Resources} is what {@code runtime.cgroup} applies; {@link
 * io.slipway.runtime.spec.ContainerDefaults} holds Docker's defaults.
 *
 * <p>Made by the engine (from a create request) and by the builder (for a RUN step), read by {@code
 * runtime.container}, {@code runtime.cgroup} and {@code runtime.seccomp}. The shape follows the OCI
 * runtime specification so that it can be printed as a {@code config.json}.
 *
 * <p>Invariants: paths inside the container are absolute strings (they are resolved by the kernel
 * inside the container, never by the JVM); paths on the host are {@link java.nio.file.Path}; sizes
 * are bytes, times are microseconds where the kernel counts them so.
 */
package io.slipway.runtime.spec;
