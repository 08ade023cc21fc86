/**
 * Container networks: bridges with addresses in both families, outbound NAT and published ports,
 * the host's network, and none; and what names services: a name server inside each container's
 * namespace, and the files {@code resolv.conf} and {@code hosts}.
 *
 * <p>Main types: {@link io.slipway.runtime.network.Networks} gives a container its network as a
 * {@link io.slipway.runtime.network.NetworkAttachment}: a {@link
 * io.slipway.runtime.network.Sandbox}, which joins and leaves any number of {@link
 * io.slipway.runtime.network.BridgeNetwork}s, also while the container runs; {@link
 * io.slipway.runtime.network.ResolvConf} and {@link io.slipway.runtime.network.HostsFile} build the
 * files; {@link io.slipway.runtime.network.BridgeClaim} keeps two daemons off one bridge; {@link
 * io.slipway.runtime.network.UserNetwork} connects the network of a normal user's daemon to the
 * machine's.
 *
 * <p>Called by the builder (RUN steps) and the engine. Talks to the kernel by netlink from Java (no
 * process is started): routes, links and addresses by rtnetlink, NAT by nf_tables.
 *
 * <p>Invariants: everything on the machine carries the bridge's name (its nf_tables table, the veth
 * names' prefix) and is gone after close; an interface name is never used twice, because the kernel
 * takes network namespaces down later than they are closed; a thread that is in another network
 * namespace starts no thread and wakes none, because new threads (carriers of virtual ones too)
 * begin in the namespace of the thread that started them.
 */
package io.slipway.runtime.network;
