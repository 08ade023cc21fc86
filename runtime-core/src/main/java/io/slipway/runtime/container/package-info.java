/**
 * The life of a container: start, exec, wait, signal, pause, end.
 *
 * <p>Main types: {@link io.slipway.runtime.container.Containers} starts one; {@link
 * io.slipway.runtime.container.RunningContainer} is it while it runs; {@link
 * io.slipway.runtime.container.ContainerIo} says where its streams go; {@link
 * io.slipway.runtime.container.RootFilesystem} what it sees as {@code /}.
 *
 * <p>Called by the builder (RUN steps) and by the engine. Persisted state, names, restart policies
 * and logs are theirs; this package remembers nothing once a container is closed. A daemon that is
 * killed leaves its containers to the next one, which adopts them.
 *
 * <p>Containers of another runtime program ({@code runtime.bundle}) share the parts that look after
 * a process once it is there.
 *
 * <p>Invariants: nothing of a container is in the host's mount table; no path of an image is walked
 * before the host's root is detached; a start that fails leaves no process, cgroup or descriptor.
 */
package io.slipway.runtime.container;
