/**
 * Containers: create, start, attach, wait, logs, exec, stop, remove, and what is shown of them.
 *
 * <p>Reading order: {@link io.slipway.engine.container.ContainerRoutes} (HTTP in and out), {@link
 * io.slipway.engine.container.ContainerService} (create, find, list, remove), {@link
 * io.slipway.engine.container.Lifecycle} (start to end), {@link
 * io.slipway.engine.container.SpecCompiler} (a create request and an image's defaults become a
 * {@code runtime.spec.ContainerSpec}: a pure function with goldens), {@code ContainerStreams} (one
 * process's output to its log and to whoever is attached), {@code JsonLog} (the log file).
 *
 * <p>A container's truth is its {@link io.slipway.engine.state.ContainerRecord}, replaced whole;
 * while it runs, {@code Container} also holds the running process. One lock per container orders
 * start, end and removal; nothing holds it while waiting for a process or a client.
 *
 * <p>Invariants: an option that is not built yet is refused by name when a container is created; a
 * container whose start failed has no process, network or cgroup; events come in Docker's order.
 */
package io.slipway.engine.container;
