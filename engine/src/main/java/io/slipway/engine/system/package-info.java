/**
 * What concerns the engine as a whole: ping, version, info, events, disk usage and login.
 *
 * <p>Main types: {@link io.slipway.engine.system.EventBus}, to which every resource package reports
 * what happened; {@link io.slipway.engine.system.SystemRoutes}; {@link
 * io.slipway.engine.system.SystemFacts}, what the other resources tell about themselves ({@code
 * cli.daemon} connects them, so this package imports none of them).
 *
 * <p>Invariant: publishing an event never blocks; a subscriber that cannot keep up is ended.
 */
package io.slipway.engine.system;
