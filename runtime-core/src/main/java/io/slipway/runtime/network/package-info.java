/**
 * Container networks: the default bridge with addresses, outbound NAT and published ports, the
 * host's network, and none; and the files that name services ({@code resolv.conf}, {@code hosts}).
 *
 * <p>Main types: {@link io.slipway.runtime.network.Networks} gives a container its network as a
 * {@link io.slipway.runtime.network.NetworkAttachment}; {@link
 * io.slipway.runtime.network.ResolvConf} and {@link io.slipway.runtime.network.HostsFile} build the
 * files; {@link io.slipway.runtime.network.BridgeClaim} keeps two daemons off one bridge.
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
