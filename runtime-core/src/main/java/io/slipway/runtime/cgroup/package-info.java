/**
 * Control groups: limits, freezing, killing and measuring a container, on cgroup v1, v2 and the
 * mixture of both, behind one interface.
 *
 * <p>Main types: {@link io.slipway.runtime.cgroup.CgroupDriver} makes cgroups below the daemon's
 * own parent; {@link io.slipway.runtime.cgroup.Cgroup} is one container's; {@link
 * io.slipway.runtime.cgroup.CgroupPlacement} is how a starting process gets in.
 *
 * <p>Called by {@code runtime.container}; readings (statistics, pids, OOM kills) also by the
 * engine.
 *
 * <p>Layout: {@code <hierarchy>/<own cgroup on v1>/<parent>/<container id>}, one directory per
 * mounted hierarchy. Everything below the parent belongs to one daemon, so what is found there when
 * it starts is left over from a crash and may be killed and removed.
 *
 * <p>Invariants: a cgroup that could not be set up completely is removed again; no file outside the
 * parent directory is written, except {@code cgroup.subtree_control} of its ancestors on v2.
 */
package io.slipway.runtime.cgroup;
